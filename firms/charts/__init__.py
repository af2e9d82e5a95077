"""Pictures of figures as server-side SVG, each with its table, its files and its words."""

from firms.charts.areas import Areas, Layer, areas
from firms.charts.bars import Bar, Bars, bars
from firms.charts.columns import Column, Columns, columns
from firms.charts.pictures import Picture, Table, Words
from firms.charts.tiles import Tile, TileGrid, tile_grid
from firms.charts.values import FEWER, Value

__all__ = [
    "FEWER",
    "Areas",
    "Bar",
    "Bars",
    "Column",
    "Columns",
    "Layer",
    "Picture",
    "Table",
    "Tile",
    "TileGrid",
    "Value",
    "Words",
    "areas",
    "bars",
    "columns",
    "tile_grid",
]
