"""Would the tests notice? Changes the code in one small way at a time and runs its tests on each.

	python tests/mutation.py clinic_booking/scheduling tests/unit/scheduling [--only days.py] [--workers 2]

Nothing is written. The tests are collected once; each mutant is a fork, in which the code of the changed
functions, and the changed constants, take the place of the right ones. It is killed if a test fails or takes
too long. The survivors are listed and the share of killed ones told.
"""

import argparse
import ast
import copy
import os
import resource
import sys
import types
from pathlib import Path

import pytest

SECONDS = 40
MEGABYTES = 2000
SWAPPED = {
	ast.Lt: ast.LtE,
	ast.LtE: ast.Lt,
	ast.Gt: ast.GtE,
	ast.GtE: ast.Gt,
	ast.Eq: ast.NotEq,
	ast.NotEq: ast.Eq,
	ast.Is: ast.IsNot,
	ast.IsNot: ast.Is,
	ast.In: ast.NotIn,
	ast.NotIn: ast.In,
	ast.Add: ast.Sub,
	ast.Sub: ast.Add,
	ast.Mult: ast.FloorDiv,
	ast.FloorDiv: ast.Mult,
	ast.Mod: ast.FloorDiv,
	ast.LShift: ast.RShift,
	ast.RShift: ast.LShift,
	ast.BitAnd: ast.BitOr,
	ast.BitOr: ast.BitAnd,
	ast.BitXor: ast.BitOr,
	ast.And: ast.Or,
	ast.Or: ast.And,
	ast.Continue: ast.Break,
}
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}


def code_of(tree):
	"""The nodes that do something: no docstrings, annotations, decorators, names of types or imports."""
	for node in ast.iter_child_nodes(tree):
		if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
			continue
		if isinstance(node, ast.Import | ast.ImportFrom | ast.arg):
			continue
		if isinstance(tree, ast.Module) and is_type(node):
			continue
		shown = copy.copy(node)
		if isinstance(node, ast.FunctionDef | ast.ClassDef):
			shown.decorator_list, shown.returns = [], None
		if isinstance(node, ast.AnnAssign):
			shown.annotation = ast.Pass()
		yield node
		yield from code_of(shown)


def is_type(node):
	return isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp | ast.Subscript)


def changes_of(node):
	"""Every small change to a node, each as (what is told, how it is done)."""
	if isinstance(node, ast.Compare):
		for n, operator in enumerate(node.ops):
			yield swap(operator), lambda node, n=n: node.ops.__setitem__(n, SWAPPED[type(node.ops[n])]())
	if isinstance(node, ast.BinOp | ast.AugAssign | ast.BoolOp) and type(node.op) in SWAPPED:
		yield swap(node.op), lambda node: setattr(node, "op", SWAPPED[type(node.op)]())
	if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
		yield "without Not", lambda node: setattr(node, "operand", negated(node.operand))
	elif isinstance(node, ast.UnaryOp):
		yield f"without {type(node.op).__name__}", lambda node: setattr(node, "op", ast.UAdd())
	if isinstance(node, ast.If | ast.IfExp | ast.While):
		yield "condition negated", lambda node: setattr(node, "test", negated(node.test))
	if isinstance(node, ast.comprehension):
		for n in range(len(node.ifs)):
			yield "condition negated", lambda node, n=n: node.ifs.__setitem__(n, negated(node.ifs[n]))
	if isinstance(node, ast.Constant) and isinstance(node.value, bool | int | str):
		yield f"{node.value!r} changed", lambda node: setattr(node, "value", changed(node.value))
	if isinstance(node, ast.Return) and node.value and not nothing(node.value):
		yield "returns None", lambda node: setattr(node, "value", ast.Constant(None))
	if isinstance(node, ast.Name) and node.id in NAMES:
		yield f"{node.id} -> {NAMES[node.id]}", lambda node: setattr(node, "id", NAMES[node.id])
	if isinstance(node, ast.Continue):
		yield "break", lambda node: setattr(node, "__class__", ast.Break)
	if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Yield | ast.YieldFrom):
		yield "left out", lambda node: setattr(node, "value", ast.Constant(None))


def swap(operator):
	return f"{type(operator).__name__} -> {SWAPPED[type(operator)].__name__}"


def negated(test):
	return ast.UnaryOp(ast.Not(), test)


def changed(value):
	return not value if isinstance(value, bool) else value + 1 if isinstance(value, int) else value + "x"


def nothing(value):
	return isinstance(value, ast.Constant) and value.value is None


def mutants(path):
	"""[(place, what, number)] of a file."""
	return [
		(f"{path}:{getattr(node, 'lineno', '?')}", what)
		for node in code_of(ast.parse(path.read_text()))
		for what, _ in changes_of(node)
	]


def mutant(path, number):
	"""The changed module as a namespace."""
	tree = ast.parse(path.read_text())
	change, node = [(change, node) for node in code_of(tree) for _, change in changes_of(node)][number]
	change(node)
	module = types.ModuleType(name_of(path))
	# Dataclasses look their module up.
	right, sys.modules[module.__name__] = sys.modules[module.__name__], module
	try:
		exec(compile(ast.fix_missing_locations(tree), str(path), "exec"), module.__dict__)
	finally:
		sys.modules[module.__name__] = right
	return vars(module)


def name_of(path):
	return ".".join(path.with_suffix("").parts)


def transplant(name, changed):
	"""Put what differs in a changed namespace into the module of that name, wherever it was imported."""
	right = sys.modules[name]
	for key, new in changed.items():
		old = vars(right).get(key)
		if key.startswith("__") or old is new:
			continue
		if isinstance(old, type):
			for attribute in [key for key in vars(new) if key in vars(old)]:
				transplant_function(vars(old)[attribute], vars(new)[attribute])
				if type(vars(new)[attribute]) in (int, str, bool):
					setattr(old, attribute, vars(new)[attribute])
		elif not transplant_function(old, new) and old != new:
			for module in list(sys.modules.values()):
				if getattr(module, key, None) is old and module.__name__.startswith(name.rpartition(".")[0]):
					setattr(module, key, new)


def transplant_function(old, new):
	"""Give a function another's code and defaults, through its decorators. Was it one?"""
	if hasattr(old, "cache_clear"):
		old.cache_clear()
	old, new = (getattr(f, "fget", None) or getattr(f, "__wrapped__", f) for f in (old, new))
	if not isinstance(old, types.FunctionType) or old.__name__ == "<lambda>":
		return False
	if old.__code__ != new.__code__:
		old.__code__ = new.__code__
	old.__defaults__ = new.__defaults__
	return True


class Mutation:
	"""Runs the collected tests once as they are, then on each mutant."""

	def __init__(self, files, workers):
		self.todo = [(path, n, " ".join(told)) for path in files for n, told in enumerate(mutants(path))]
		self.workers = workers
		self.survived, self.killed = [], 0

	def pytest_runtestloop(self, session):
		child = self.start(session, None, None)
		if os.waitpid(child, 0)[1]:
			sys.exit("the tests fail without any change")
		waiting, running = self.todo[::-1], {}
		while waiting or running:
			while waiting and len(running) < self.workers:
				path, number, told = waiting.pop()
				running[self.start(session, path, number)] = told
			child, status = os.wait()
			told = running.pop(child)
			if status == 0:
				self.survived.append(told)
				print(f"survived: {told}", flush=True)
			else:
				self.killed += 1
		return True

	def start(self, session, path, number):
		"""A process that runs the tests on a mutant; it ends with 0 if all pass."""
		if child := os.fork():
			return child
		silence = os.open(os.devnull, os.O_WRONLY)
		os.dup2(silence, 1)
		os.dup2(silence, 2)
		resource.setrlimit(resource.RLIMIT_CPU, (SECONDS,) * 2)
		resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES << 20,) * 2)
		items = session.items
		try:
			if path:
				transplant(name_of(path), mutant(path, number))
				# Its own tests first, then plain examples, then generated ones: most mutants fall at once.
				items = sorted(items, key=lambda item: (item.path.stem != f"test_{path.stem}", is_slow(item)))
			for item, following in zip(items, [*items[1:], None], strict=True):
				session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
				if session.testsfailed:
					os._exit(1)
		except BaseException:
			os._exit(1)
		os._exit(0)


def is_slow(item):
	return "every" in item.path.stem or hasattr(item.function, "hypothesis")


def main():
	parser = argparse.ArgumentParser()
	parser.add_argument("code", type=Path)
	parser.add_argument("tests", type=Path)
	parser.add_argument("--only", nargs="*")
	parser.add_argument("--workers", type=int, default=2)
	asked = parser.parse_args()
	sys.path.insert(0, os.getcwd())
	files = [path for path in sorted(asked.code.glob("*.py")) if not asked.only or path.name in asked.only]
	mutation = Mutation(files, asked.workers)
	pytest.main(["-q", "-s", "-p", "no:cacheprovider", str(asked.tests)], [mutation])
	every = mutation.killed + len(mutation.survived)
	print(f"{mutation.killed} of {every} mutants killed: {mutation.killed / every:.1%}")


if __name__ == "__main__":
	main()
