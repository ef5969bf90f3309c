"""All tools of the canvas, in the order of the tool strip."""

from __future__ import annotations

from meticulous_gui.ui.tools.base import Surface, Tool, ToolContext
from meticulous_gui.ui.tools.brush import BrushTool, EraserTool
from meticulous_gui.ui.tools.find_box import FindBoxTool
from meticulous_gui.ui.tools.hand import HandTool
from meticulous_gui.ui.tools.lasso import LassoTool
from meticulous_gui.ui.tools.move import MoveTool
from meticulous_gui.ui.tools.point import PointTool
from meticulous_gui.ui.tools.refine import RefineTool
from meticulous_gui.ui.tools.similar import SimilarTool


def make_tools(context: ToolContext, surface: Surface) -> dict[str, Tool]:
    """Return one tool of each kind by its id."""
    tools: tuple[Tool, ...] = (
        HandTool(context, surface),
        BrushTool(context, surface),
        EraserTool(context, surface),
        LassoTool(context, surface),
        SimilarTool(context, surface),
        MoveTool(context, surface),
        PointTool(context, surface),
        RefineTool(context, surface),
        FindBoxTool(context, surface),
    )
    return {tool.id: tool for tool in tools}
