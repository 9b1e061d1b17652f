"""Columns of Arrow as values of Python, one unfit value at a time."""

from __future__ import annotations

from typing import Any

import pyarrow as pa


def values_of(column: pa.Array) -> list[Any]:
    """Values of a column as Python has them; moments with a zone in UTC, all cut to microseconds.

    Bytes stand for a text that is none, a number for a moment that Python has no date for.
    """
    if isinstance(column, pa.DictionaryArray):
        return _coded(column)
    kind = column.type
    if pa.types.is_timestamp(kind) and (kind.tz or kind.unit == "ns"):
        column = column.cast(pa.timestamp("us", kind.tz and "UTC"), safe=False)
    elif pa.types.is_duration(kind) or pa.types.is_time64(kind):
        column = column.cast(pa.duration("us") if pa.types.is_duration(kind) else pa.time64("us"), safe=False)
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError):
        return [_value(scalar) for scalar in column]


def _coded(column: pa.DictionaryArray) -> list[Any]:
    """Values of a column that has each but once, as the same objects: copies could fill the memory."""
    places = column.indices.dictionary_encode()
    values = [*values_of(column.dictionary.take(places.dictionary)), None]
    return [values[-1 if place is None else place] for place in places.indices.to_pylist()]


def _value(scalar: pa.Scalar) -> Any:
    try:
        return scalar.as_py()
    except (ValueError, OverflowError):
        return scalar.as_buffer().to_pybytes() if isinstance(scalar, pa.BinaryScalar) else scalar.value
