"""Record kinds 信息类别 as data: ``config/kinds/<id>.toml`` read, checked, frozen (DESIGN 1.5).

The modules in import order: ``headings`` (which column means which field), ``plans`` (what each class of
subject's projection shows), ``model`` (the values), ``files`` (keys of a file), ``problems`` (errors in
sentences), ``checks`` (keys against each other), ``loading`` (the folder), ``named`` (persons' names in
texts), ``search`` (what the index may see). Everything that others use stands here.
"""

from __future__ import annotations

from creditregister.kinds.headings import heading_unit, normal_heading
from creditregister.kinds.loading import Kinds, load
from creditregister.kinds.model import (
    CLASSES,
    Choice,
    Content,
    Field,
    Kind,
    Label,
    Match,
    StateRule,
    Value,
)
from creditregister.kinds.plans import CODE_FIELDS, SUBJECT_NAME
from creditregister.kinds.problems import KindError
from creditregister.kinds.search import SearchParts, facet_values, search_parts

__all__ = [
    "CLASSES",
    "CODE_FIELDS",
    "SUBJECT_NAME",
    "Choice",
    "Content",
    "Field",
    "Kind",
    "KindError",
    "Kinds",
    "Label",
    "Match",
    "SearchParts",
    "StateRule",
    "Value",
    "facet_values",
    "heading_unit",
    "load",
    "normal_heading",
    "search_parts",
]
