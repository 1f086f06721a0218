from tests.bench import *
