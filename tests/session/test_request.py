import json

import pytest

from pinpoint3d.errors import ClickError, FileError
from pinpoint3d.session import ClickRequest, read_clicks


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("1.2,0.4,0.8:chair", ClickRequest((1.2, 0.4, 0.8), "chair")),
        ("1,-2,3e-1: office chair / seat ", ClickRequest((1, -2, 0.3), "office chair", "seat")),
        ("1,2,3:!chair", ClickRequest((1, 2, 3), "chair", positive=False)),
        ("1,2,3:!chair/seat/left", ClickRequest((1, 2, 3), "chair", "seat/left", positive=False)),
        ("1,2,3:background", ClickRequest((1, 2, 3))),
    ],
)
def test_command_line_form(text, request_):
    assert ClickRequest.parse(text) == request_


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1,2,3", "write"),
        ("1,2:chair", "three numbers"),
        ("1,2,x:chair", "three numbers"),
        ("1,2,nan:chair", "three numbers"),
        ("1,2,3:", "the object's name is missing"),
        ("1,2,3:/seat", "the object's name is missing"),
        ("1,2,3:chair/", "a part's name is missing"),
        ("1,2,3:!background", "no negative"),
        ("1,2,3:background/wall", "no parts"),
    ],
)
def test_faulty_command_line_form(text, message):
    with pytest.raises(ClickError, match=message) as error:
        ClickRequest.parse(text)
    assert text in str(error.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is not a JSON file"),
        ("[1", "is not a JSON file"),
        ("{}", "must hold"),
        ('"clicks"', "must hold"),
        ("[3]", r"clicks\[0\]: must be an object"),
        ('{"clicks": [{"xyz": [1, 2, 3]}, {"xyz": [1, 2]}]}', r"clicks\[1\]: xyz must be three finite numbers"),
        ('[{"xyz": [1, 2, NaN]}]', r"clicks\[0\]: xyz"),
        ('[{"xyz": [1, 2, true]}]', r"clicks\[0\]: xyz"),
        ('[{"object": "chair"}]', r"clicks\[0\]: xyz"),
        ('[{"xyz": [1, 2, 3], "object": 1.5}]', r"clicks\[0\]: object must be a name, an id or null"),
        ('[{"xyz": [1, 2, 3], "object": true}]', r"clicks\[0\]: object"),
        ('[{"xyz": [1, 2, 3], "part": []}]', r"clicks\[0\]: part"),
        ('[{"xyz": [1, 2, 3], "positive": "yes"}]', r"clicks\[0\]: positive must be true or false"),
        ('[{"xyz": [1, 2, 3], "object": "background", "part": 1}]', r"clicks\[0\]: the background has no parts"),
        (
            '[{"xyz": [1, 2, 3], "object": "background", "positive": false}]',
            r"clicks\[0\]: the background has no parts",
        ),
        ('[{"xyz": [1, 2, 3], "objekt": "chair"}]', r"clicks\[0\]: unknown field 'objekt'"),
    ],
)
def test_faulty_clicks_files_name_entry_and_field(tmp_path, content, message):
    path = tmp_path / "clicks.json"
    path.write_text(content)
    with pytest.raises(FileError, match=message) as error:
        read_clicks(path)
    assert str(error.value).startswith(str(path))
    assert "\n" not in str(error.value)


def test_a_list_and_a_document_read_alike(tmp_path):
    entries = [{"xyz": [1, 2, 3], "object": "chair", "part": "seat", "positive": False}, {"xyz": [0, 0, 0]}]
    (tmp_path / "list.json").write_text(json.dumps(entries))
    (tmp_path / "document.json").write_text(json.dumps({"clicks": entries}))
    assert read_clicks(tmp_path / "list.json") == read_clicks(tmp_path / "document.json")
    assert read_clicks(tmp_path / "list.json")[1] == ClickRequest((0, 0, 0))


def test_the_background_has_a_name_in_files_too(tmp_path):
    path = tmp_path / "clicks.json"
    path.write_text('[{"xyz": [1, 2, 3], "object": "background"}]')
    assert read_clicks(path) == [ClickRequest((1, 2, 3))]
