"""Files of arrays: what is written is read again, by the library safetensors, too."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from corpus.errors import ShuttenError
from index.store.segments import array_file
from index.store.segments.array_file import (
    Array,
    FileRows,
    Stretches,
    map_arrays,
    read_rows,
    write_arrays,
)

TYPES = ["<u1", "<u2", "<u4", "<u8", "<i8", "<f2", "<f4"]
SHAPES = arrays_of.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=6)
ARRAYS = st.dictionaries(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8).filter(
        lambda name: name != "__metadata__"  # reserved by the format
    ),
    st.sampled_from(TYPES).flatmap(lambda kind: arrays_of.arrays(kind, SHAPES)),
    min_size=1,
    max_size=6,
)
anywhere = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def write(path: Path, arrays: dict[str, Array]) -> Path:
    with path.open("wb") as file:
        write_arrays(file, {name: Stretches.of(array) for name, array in arrays.items()})
    return path


def assert_equal(found: dict[str, Array], expected: dict[str, Array]) -> None:
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        assert (found[name].dtype, found[name].shape) == (array.dtype, array.shape)
        assert found[name].tobytes() == array.tobytes()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of three arrays, one of them empty."""
    arrays = {
        "codes": np.arange(60, dtype=np.uint8).reshape(20, 3),
        "rows": np.arange(5, dtype=np.int64),
        "none": np.zeros((0, 2), np.float32),
    }
    return write(tmp_path / "file", arrays)


@anywhere
@given(ARRAYS)
def test_what_is_written_is_mapped_again(tmp_path: Path, arrays: dict[str, Array]) -> None:
    found, release = map_arrays(write(tmp_path / "file", arrays))
    release()
    assert_equal(found, arrays)
    for array in found.values():
        assert array.ctypes.data % array.itemsize == 0
        assert not array.size or not array.flags.writeable


@anywhere
@given(ARRAYS)
def test_the_library_safetensors_reads_the_same(tmp_path: Path, arrays: dict[str, Array]) -> None:
    assert_equal(safetensors.numpy.load_file(write(tmp_path / "file", arrays)), arrays)


@anywhere
@given(ARRAYS)
def test_what_the_library_writes_is_mapped(tmp_path: Path, arrays: dict[str, Array]) -> None:
    safetensors.numpy.save_file(arrays, tmp_path / "file")
    assert_equal(map_arrays(tmp_path / "file")[0], arrays)


@anywhere
@given(ARRAYS, st.data())
def test_stretches_are_written_like_the_whole(
    tmp_path: Path, arrays: dict[str, Array], data: st.DataObject
) -> None:
    cut = {}
    for name, array in arrays.items():
        places = sorted(data.draw(st.lists(st.integers(0, len(array)), max_size=3)))
        cut[name] = Stretches(array.dtype, array.shape, iter(np.split(array, places)))
    content = io.BytesIO()
    write_arrays(content, cut)
    assert content.getvalue() == write(tmp_path / "file", arrays).read_bytes()


@anywhere
@given(ARRAYS, st.integers(1, 40), st.data())
def test_rows_that_are_read_in_stretches_are_the_mapped_ones(
    tmp_path: Path, arrays: dict[str, Array], at_once: int, data: st.DataObject
) -> None:
    path = write(tmp_path / "file", arrays)
    name, array = data.draw(st.sampled_from(list(arrays.items())))
    first, last = sorted(data.draw(st.tuples(*[st.integers(0, len(array))] * 2)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(array_file, "_STRETCH", at_once)
        found = list(read_rows(path, name, first, last))
    assert all(part.nbytes <= max(at_once, part[:1].nbytes) for part in found)
    joined = np.concatenate([array[:0], *found])
    assert (joined.dtype, joined.shape) == (array.dtype, array[first:last].shape)
    assert joined.tobytes() == array[first:last].tobytes()


def test_numbers_of_a_smaller_type_are_written_as_the_type_of_the_whole() -> None:
    parts = [np.array([1, 2], np.uint16), np.array([70_000], np.uint32)]
    content = io.BytesIO()
    write_arrays(content, {"spans": Stretches(np.uint32, (3,), parts)})
    assert safetensors.numpy.load(content.getvalue())["spans"].tolist() == [1, 2, 70_000]


@pytest.mark.parametrize("length", [1, 3])
def test_stretches_of_another_shape_are_an_error(length: int) -> None:
    with pytest.raises(ValueError, match=f"rows: {8 * length} bytes instead of 16"):
        write_arrays(io.BytesIO(), {"rows": Stretches("<i8", (2,), [np.arange(length)])})


@pytest.mark.parametrize("cut", [0, 1, 7, 8, 9, 100, -1])
def test_a_cut_file_is_refused(file: Path, cut: int) -> None:
    file.write_bytes(file.read_bytes()[:cut])
    with pytest.raises(ValueError, match=r"^[^\n]+$"):
        map_arrays(file)


def test_a_longer_file_is_refused(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"\0")
    with pytest.raises(ValueError, match="a part of it is missing"):
        map_arrays(file)


def test_rows_of_a_cut_file_are_refused(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(ValueError, match=r"^[^\n]+$"):
        list(read_rows(file, "codes", 0, 20))


@anywhere
@given(st.binary(max_size=200))
def test_other_bytes_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(ValueError, match=r"^[^\n]+$"):
        map_arrays(tmp_path / "file")


CHANGES = {
    "an unknown type": ("codes", "dtype", "U9"),
    "a wider type": ("codes", "dtype", "U16"),
    "a type of another kind": ("codes", "dtype", ["U8"]),
    "another shape": ("codes", "shape", [20, 4]),
    "a negative shape": ("codes", "shape", [-20, -3]),
    "a huge empty array": ("none", "shape", [10**18, 0, 10**18]),
    "a broken shape": ("codes", "shape", [20, 3.5]),
    "no shape": ("codes", "shape", None),
    "a wrong end": ("codes", "data_offsets", [40, 99]),
    "a wrong begin": ("codes", "data_offsets", [-20, 40]),
    "texts": ("codes", "data_offsets", ["0", "60"]),
    "one offset": ("codes", "data_offsets", [40]),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_changed_header_is_refused(file: Path, change: tuple[str, str, object]) -> None:
    content = file.read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    name, key, value = change
    assert header[name][key] != value
    header[name][key] = value
    new = json.dumps(header).encode()
    file.write_bytes(len(new).to_bytes(8, "little") + new + content[8 + length :])
    with pytest.raises(ValueError, match=r"^[^\n]+$"):
        map_arrays(file)
    with pytest.raises(ValueError, match=r"^[^\n]+$"):
        list(read_rows(file, name, 0, 20))


@pytest.mark.parametrize("header", [b"[]", b"{}", b"3", b"[" * 9999, b'{"a": 3}', b'{"a": {}}'])
def test_another_header_is_refused(file: Path, header: bytes) -> None:
    file.write_bytes(len(header).to_bytes(8, "little") + header + b"rest")
    with pytest.raises(ValueError, match=r"^[^\n]+$"):
        map_arrays(file)


def test_a_lost_file_is_no_damaged_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        map_arrays(tmp_path / "none")


def test_rows_of_a_file_are_read_when_they_are_taken(tmp_path: Path) -> None:
    arrays = {
        "codes": np.arange(60, dtype=np.uint8).reshape(12, 5),
        "scales": np.arange(12, dtype=np.float16),
    }
    path = write(tmp_path / "file", arrays)
    for name, array in arrays.items():
        rows = FileRows(path, name)
        assert (len(rows), rows.shape, rows.dtype) == (12, array.shape, array.dtype)
        for own in (slice(0, 12), slice(3, 7), slice(5, 5), slice(11, 99), slice(7, 3)):
            assert np.array_equal(rows[own], array[own])


def test_a_file_that_is_cut_while_it_is_read_is_said(tmp_path: Path) -> None:
    path = write(tmp_path / "file", {"codes": np.zeros((100, 64), np.uint8)})
    rows = FileRows(path, "codes")
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 64)
    assert len(rows[0:99]) == 99
    with pytest.raises(ShuttenError, match="a part of it is gone; run `shutten index rebuild`"):
        rows[50:100]
