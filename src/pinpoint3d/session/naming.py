"""From the words a person uses for objects and parts to ids."""

from pinpoint3d.errors import ClickError
from pinpoint3d.prompts import Click
from pinpoint3d.session.request import BACKGROUND_NAME, ClickRequest
from pinpoint3d.session.state import State
from pinpoint3d.session.targets import Target

MAX_ID = 65_535  # labels then fit in 16 bits, as viewers hold them


def to_click(state: State, request: ClickRequest, local: tuple[float, float, float]) -> tuple[Click, dict[Target, str]]:
    """Place a request among the targets of a state.

    Args:
        state: what is known so far.
        request: the click as stated; a name or id never heard of creates its target.
        local: the click's coordinates in the scene's own frame, metres.

    Returns:
        The click, and the names of the targets it creates.

    Raises:
        ClickError: a part without its object, an impossible name or id, or a negative click on an unknown target.
    """
    target, names, is_new = target_of(state, request.object, request.part)
    if is_new and not request.positive:
        what = request.object if request.part is None else f"{request.object}/{request.part}"
        raise ClickError(f"negative click on {what}, which has no click yet: click {what} itself first")
    return Click(local, target[0], target[1] or None, request.positive), names


def target_of(state: State, object: str | int | None, part: str | int | None) -> tuple[Target, dict[Target, str], bool]:
    """The target a name or id means, known or new; None is the background.

    Returns:
        The target, the names of what it creates, and whether it is a new one.

    Raises:
        ClickError: a part without its object, or an impossible name or id.
    """
    if object is None:
        if part is not None:
            raise ClickError(f"part {part!r} is given without its object: name the object it belongs to")
        return (0, 0), {}, False
    names: dict[Target, str] = {}
    object_id, is_new = _find(state.siblings(None), object, "object")
    if is_new and isinstance(object, str):
        names[object_id, 0] = object.strip()
    if part is None:
        return (object_id, 0), names, is_new
    part_id, is_new = _find(state.siblings(object_id), part, "part")
    if is_new and isinstance(part, str):
        names[object_id, part_id] = part.strip()
    return (object_id, part_id), names, is_new


def next_id(siblings: dict[str, int]) -> int:
    """The id after the greatest."""
    return max(siblings.values(), default=0) + 1


def known_target(state: State, object: str | int, part: str | int | None = None) -> Target:
    """The target of that name or id.

    Raises:
        ClickError: there is none; lists those there are.
    """
    object_id, part_id = _known(state.siblings(None), object, "object"), 0
    if part is not None:
        part_id = _known(state.siblings(object_id), part, "part")
    return object_id, part_id


def checked_name(siblings: dict[str, int], name: str, what: str) -> str:
    """A name fit to be given: not blank, not taken, not the background's.

    Raises:
        ClickError: it is not.
    """
    name = name.strip()
    if not name:
        raise ClickError(f"the name of an {what} is empty" if what == "object" else f"the name of a {what} is empty")
    if what == "object" and name.lower() == BACKGROUND_NAME:
        raise ClickError(f"{name!r} cannot name an object; for a background click give no object")
    if name in siblings:
        raise ClickError(f"the name {name!r} is taken by {what} {siblings[name]}")
    return name


def _find(siblings: dict[str, int], key: str | int, what: str) -> tuple[int, bool]:
    """Id of the target, and whether it is a new one."""
    if isinstance(key, str):
        name = key.strip()
        if name in siblings:
            return siblings[name], False
        checked_name(siblings, name, what)
        key = next_id(siblings)
    if key in siblings.values():
        return key, False
    if isinstance(key, bool) or not 1 <= key <= MAX_ID:
        raise ClickError(f"{what} {key!r}: ids count from 1 to {MAX_ID}; for a background click give no object")
    checked_name(siblings, f"{what} {key}", what)
    return key, True


def _known(siblings: dict[str, int], key: str | int, what: str) -> int:
    found = siblings.get(key.strip(), 0) if isinstance(key, str) else key
    if found not in siblings.values():
        raise ClickError(f"there is no {what} {key!r}; there are: {', '.join(siblings) or 'none'}")
    return found
