"""Would the tests notice? Changes the code in one small way at a time and runs its tests on each.

	python tests/mutation.py clinic_booking/scheduling tests/unit/scheduling [--only days.py] [--workers 2]

Nothing is written: each mutant lives in a process of its own, which imports the changed module. A mutant is
killed if a test fails or the tests take too long; the survivors are listed and the share of killed ones told.
"""

import argparse
import ast
import copy
import importlib.abc
import importlib.util
import os
import resource
import sys
from pathlib import Path

import hypothesis  # noqa: F401  # loaded once, before the forks
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
	"""[(place, what)] of a file; `mutant` makes one of them by its number."""
	return [
		(f"{path}:{getattr(node, 'lineno', '?')}", what)
		for node in code_of(ast.parse(path.read_text()))
		for what, _ in changes_of(node)
	]


def mutant(path, number):
	"""The changed module as code."""
	tree = ast.parse(path.read_text())
	apply, node = [(change, node) for node in code_of(tree) for _, change in changes_of(node)][number]
	apply(node)
	return compile(ast.fix_missing_locations(tree), str(path), "exec")


class Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
	"""Imports one module as the mutant."""

	def __init__(self, name, code):
		self.name, self.code = name, code

	def find_spec(self, name, path=None, target=None):
		return importlib.util.spec_from_loader(name, self) if name == self.name else None

	def exec_module(self, module):
		exec(self.code, module.__dict__)


def start(path, number, tests):
	"""A process that runs the tests on a mutant, or without a path on the code as it is.

	Within limits of processor time and memory; it ends with 0 if all pass.
	"""
	if child := os.fork():
		return child
	resource.setrlimit(resource.RLIMIT_CPU, (SECONDS,) * 2)
	resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES << 20,) * 2)
	silence = os.open(os.devnull, os.O_WRONLY)
	os.dup2(silence, 1)
	os.dup2(silence, 2)
	if path:
		name = ".".join(path.with_suffix("").parts)
		sys.meta_path.insert(0, Changed(name, mutant(path, number)))
	os._exit(any(pytest.main(["-x", "-q", "-p", "no:cacheprovider", *some]) for some in tests if some))


def main():
	parser = argparse.ArgumentParser()
	parser.add_argument("code", type=Path)
	parser.add_argument("tests", type=Path)
	parser.add_argument("--only", nargs="*")
	parser.add_argument("--workers", type=int, default=2)
	asked = parser.parse_args()
	sys.path.insert(0, os.getcwd())
	files = [path for path in sorted(asked.code.glob("*.py")) if not asked.only or path.name in asked.only]
	plain, generated = [], []
	for test in sorted(asked.tests.glob("test_*.py")):
		(generated if "given(" in test.read_text() or "every" in test.name else plain).append(str(test))
	child = start(None, None, [plain, generated])
	if os.waitpid(child, 0)[1]:
		sys.exit("the tests fail without any change")
	todo = [(path, number, *told) for path in files for number, told in enumerate(mutants(path))]
	waiting, running, survived = todo[::-1], {}, []
	while waiting or running:
		while waiting and len(running) < asked.workers:
			path, number, *told = waiting.pop()
			# Its own tests first, then plain examples, then generated ones: most mutants fall at once.
			own = [str(test) for test in asked.tests.glob(f"test_{path.stem}.py")]
			running[start(path, number, [own, plain, generated])] = " ".join(told)
		child, status = os.wait()
		told = running.pop(child)
		if status == 0:
			survived.append(told)
			print(f"survived: {told}", flush=True)
	killed = len(todo) - len(survived)
	print(f"{killed} of {len(todo)} mutants killed: {killed / len(todo):.1%}")


if __name__ == "__main__":
	main()
