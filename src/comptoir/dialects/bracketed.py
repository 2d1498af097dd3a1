"""Field names with brackets, `prices[rrp]`, grown into a tree as PHP does it (Core dna reference 1.7)."""

import re

# `name[key][key]`; the name may hold anything but an opening bracket, a key anything but brackets.
_BRACKETED = re.compile(r"([^\[]+)((?:\[[^\[\]]*\])+)")
_KEY = re.compile(r"\[([^\[\]]*)\]")
# PHP takes a key for an index when it is written as an integer would be.
_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")


class NamesConflict(ValueError):
    """One name is used for a single value and for one with parts."""

    def __init__(self, name: str) -> None:
        super().__init__(f"names the field {name[:80]} twice in ways that do not fit together")


class Tree:
    """The fields of one body, hung up by their names."""

    def __init__(self) -> None:
        self.root = _Root()

    def put(self, name: str, path: list[str], value: object) -> None:
        """Hang up a field of a form; a name that is sent again makes a list."""
        branch = self.root.grown(path[:-1], name)
        key = branch.placed(path[-1])
        present = branch.get(key)
        if key not in branch:
            branch[key] = value
        elif isinstance(present, _Repeated):
            present.append(value)
        elif isinstance(present, _Branch):
            raise NamesConflict(name)
        else:
            branch[key] = _Repeated((present, value))

    def merge(self, name: str, path: list[str], value: object) -> None:
        """Hang up a member of a JSON object, which may be an object itself; nothing may stand twice."""
        branch = self.root.grown(path[:-1], name)
        branch.merge(branch.placed(path[-1]), value, name)

    def finished(self) -> dict[str, object]:
        """The fields, with every branch that PHP would call a list as one."""
        return {key: _unfolded(value) for key, value in self.root.items()}


def path_of(name: str) -> list[str]:
    """The keys of a name. A name whose brackets do not match is one key, as it stands."""
    if "[" not in name:
        return [name]
    parts = _BRACKETED.fullmatch(name)
    if parts is None:
        return [name]
    return [parts[1], *_KEY.findall(parts[2])]


class _Repeated(list[object]):
    """The values of one name that was sent more than once."""

    __slots__ = ()


class _Branch(dict[str, object]):
    """Members below one bracketed name; `next_index` is where PHP would put the next `[]`."""

    __slots__ = ("next_index",)

    def __init__(self) -> None:
        super().__init__()
        self.next_index = 0

    def placed(self, key: str) -> str:
        """The key under which a bracketed name hangs its value: an empty one comes after the last index."""
        if not key:
            key = str(self.next_index)
        self.note(key)
        return key

    def note(self, key: str) -> None:
        if _INDEX.fullmatch(key):
            self.next_index = max(self.next_index, int(key) + 1)

    def grown(self, path: list[str], name: str) -> "_Branch":
        """The branch at the end of a path, grown where it is missing."""
        branch = self
        for key in path:
            branch = branch.below(branch.placed(key), name)
        return branch

    def below(self, key: str, name: str) -> "_Branch":
        """The branch under one key. An object or a list that JSON brought becomes one."""
        present = self.get(key)
        if isinstance(present, _Branch):
            return present
        branch = _Branch()
        if key in self:
            for inner, member in _members(present, name):
                branch.note(inner)
                branch[inner] = member
        self[key] = branch
        return branch

    def merge(self, key: str, value: object, name: str) -> None:
        """Add a value of JSON: objects merge member by member."""
        self.note(key)
        if key not in self:
            self[key] = value
        elif isinstance(value, dict) and isinstance(self[key], dict):
            branch = self.below(key, name)
            for inner, member in value.items():
                branch.merge(inner, member, name)
        else:
            raise NamesConflict(name)


class _Root(_Branch):
    """The top level, where a name is a name even if it is empty or a number."""

    __slots__ = ()

    def placed(self, key: str) -> str:
        return key

    def note(self, key: str) -> None:
        """Nothing is numbered here."""


def _members(value: object, name: str) -> list[tuple[str, object]]:
    if isinstance(value, dict):
        return list(value.items())
    if isinstance(value, list) and not isinstance(value, _Repeated):
        return [(str(index), member) for index, member in enumerate(value)]
    raise NamesConflict(name)


def _unfolded(value: object) -> object:
    """A branch as a list when its keys are 0 to n-1, else as a dict; anything else as it is."""
    if isinstance(value, _Repeated):
        return list(value)
    if not isinstance(value, _Branch):
        return value
    if value.next_index == len(value) and all(str(index) in value for index in range(len(value))):
        return [_unfolded(value[str(index)]) for index in range(len(value))]
    return {key: _unfolded(member) for key, member in value.items()}
