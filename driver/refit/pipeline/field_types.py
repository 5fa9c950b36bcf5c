"""Derives the type of a field from its annotation: the type of its values, and the model of its section."""

from __future__ import annotations

from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo


def value_type(annotation: Any) -> Any:
    """The type of a field's values, without constraints and without None; the type of the choices for a Literal."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return value_type(args[0])
    if origin in (Union, UnionType):
        return value_type(next(arg for arg in args if arg is not NoneType))
    return type(args[0]) if origin is Literal else annotation


def element_of(field: FieldInfo) -> type[BaseModel] | None:
    """The model of the elements of a field whose value is a list of objects; None for other fields."""
    kind = value_type(field.annotation)
    element = value_type(get_args(kind)[0]) if get_origin(kind) is tuple else None
    return element if isinstance(element, type) and issubclass(element, BaseModel) else None


def section_of(field: FieldInfo) -> type[BaseModel] | None:
    """The model of a field whose value is a section, optional or not; None for other fields."""
    kind = value_type(field.annotation)
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None
