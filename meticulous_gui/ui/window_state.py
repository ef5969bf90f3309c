"""Reads off a window what its actions look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meticulous_gui.ui.action import ActionState
from meticulous_gui.ui.commands.layers import is_solo
from meticulous_gui.ui.step_titles import step_title

if TYPE_CHECKING:
    from meticulous_gui.ui.window import MainWindow


def read_state(window: MainWindow) -> ActionState:
    """Return what decides which actions make sense now."""
    session, views, pointing = window.session, window.canvas.views, window.session.pointing
    document = session.document
    layer = document.active if document is not None else None
    comparison, panel = window.comparing.comparison, window.edge_panels.open_panel
    titled = document if panel is None and not pointing.is_open else None
    return ActionState(
        has_photo=document is not None,
        can_undo=document is not None and (document.can_undo or pointing.is_open or panel is not None),
        can_redo=document is not None
        and (document.can_redo or pointing.opened.can_redo or (panel is not None and panel.steps.can_redo)),
        undo_title=step_title(titled.undo_title) if titled is not None else "",
        redo_title=step_title(titled.redo_title) if titled is not None else "",
        is_running=session.work.is_running,
        is_locked=layer is not None and layer.locked,
        is_layer_visible=layer is not None and layer.visible,
        is_layer_solo=layer is not None and document is not None and is_solo(document, layer.id),
        is_only_where_empty=window.layering.commands.guard.is_on,
        layer_index=document.layers.index(layer) if document is not None and layer is not None else 0,
        n_layers=len(document.layers) if document is not None else 0,
        n_files=window.photos.n_photos,
        tool=window.toolbox.active.id,
        view=views.mode.name if views.is_overlay_on else "PHOTO",
        has_confidence=session.shown.has_confidence,
        is_at_place=window.look.here.current is not None,
        is_pointing=document is not None and window.toolbox.active.id == "point",
        has_object=pointing.is_open,
        has_readings=bool(pointing.opened.readings),
        has_point_panel=pointing.options.now.has_panel,
        is_subtracting=session.brush.is_subtracting,
        stops_at_edges=session.brush.stops_at_edges,
        is_inverted=views.is_overlay_inverted,
        is_keyboard_cursor=window.canvas.has_keyboard_cursor,
        has_panels=window.panels.isVisible(),
        is_full_screen=window.isFullScreen(),
        is_done=window.folder.is_done,
        has_strip=window.folder.strip.isVisible(),
        has_batch=window.folder.batch.isVisible(),
        compares=window.comparing.compares,
        is_comparing=comparison.is_on,
        is_a_whole=comparison.is_whole("a"),
        is_b_whole=comparison.is_whole("b"),
    )
