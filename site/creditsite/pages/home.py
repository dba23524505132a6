"""The first page: one box, what can be typed into it, the kinds of records, how fresh they are."""

from __future__ import annotations

from flask import Blueprint, Response

from creditsite import services, views
from creditsite.language import page

blueprint = Blueprint("home", __name__)


@page(blueprint, "/")
def show() -> Response:
    """The search box and what there is to search."""
    return views.render("home.html", kinds=services.current().kinds.values())
