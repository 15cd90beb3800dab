import pytest


@pytest.fixture
def folder(settings):
    return settings.label_sets


def put(client, *categories, name="mine"):
    return client.put("/api/label-sets", json={"name": name, "categories": list(categories)})


def test_sets_of_the_data_folder_complete_names(client, folder):
    folder.mkdir()
    (folder / "mine.json").write_text('{"name": "mine", "categories": [{"name": "tree", "parts": ["trunk"]}]}')
    own, mine = client.get("/api/label-sets").json()
    assert next(each for each in own["categories"] if each["name"] == "chair")["parts"][0] == "seat"
    tree = {"name": "tree", "parts": ["trunk"], "colour": None}
    assert mine == {"name": "mine", "shipped": False, "categories": [tree]}
    (folder / "mine.json").write_text('{"name": "mine"}')
    problem = client.get("/api/label-sets").json()
    assert problem["message"] == "mine.json: is no label set: categories: Field required"


def test_a_set_is_saved_changed_and_removed(client, start, settings):
    put(client, {"name": "tree", "parts": ["trunk"]})
    put(client, {"name": " oak ", "parts": ["trunk", "crown"], "colour": "#2e7d32"}, {"name": "rock"})
    _, mine = start(settings).get("/api/label-sets").json()
    assert [each["name"] for each in mine["categories"]] == ["oak", "rock"]
    assert mine["categories"][0]["colour"] == "#2e7d32"
    assert [each["name"] for each in client.delete("/api/label-sets/mine").json()] == ["indoor"]
    again = client.delete("/api/label-sets/mine")
    assert (again.status_code, again.json()["code"]) == (404, "not_found")


def test_the_set_that_comes_along_can_be_changed_and_comes_back(client):
    (indoor,) = client.get("/api/label-sets").json()
    assert indoor["shipped"]
    (changed,) = put(client, {"name": "sofa"}, name="indoor").json()
    assert (changed["shipped"], len(changed["categories"])) == (False, 1)
    assert client.delete("/api/label-sets/indoor").json() == [indoor]


@pytest.mark.parametrize(
    ("categories", "told"),
    [
        ([{"name": "tree"}, {"name": "Tree"}], "categories: the label 'Tree' is there twice"),
        ([{"name": "tree", "parts": ["a", "a"]}], "categories.0.parts: the part 'a' is there twice"),
        ([{"name": "  "}], "categories.0.name: String should have at least 1 character"),
        ([{"name": "tree", "colour": "green"}], "categories.0.colour: String should match pattern"),
        ([{"name": "tree", "hue": 3}], "categories.0.hue: Extra inputs are not permitted"),
    ],
)
def test_mistakes_are_told_by_field(client, folder, categories, told):
    response = put(client, *categories)
    assert (response.status_code, response.json()["code"]) == (422, "bad_request")
    assert response.json()["message"].startswith(told)
    assert not folder.exists()


@pytest.mark.parametrize("name", ["../escape", "a/b", ".hidden", "a\0b", "x" * 61])
def test_names_of_sets_never_become_paths(client, folder, name):
    response = put(client, name=name)
    assert (response.status_code, response.json()["code"]) == (422, "bad_request")
    assert list(folder.iterdir()) == []


def test_a_set_keeps_the_file_it_was_read_from(client, folder):
    folder.mkdir()
    (folder / "by hand.json").write_text('{"name": "mine", "categories": []}')
    assert put(client, {"name": "tree"}).status_code == 200
    assert [path.name for path in folder.iterdir()] == ["by hand.json"]
