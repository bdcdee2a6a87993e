package qupath.lib.gui.scripting;

import qupath.lib.scripting.QP;

/** Scripts import this one's statics, most of which it inherits. */
public class QPEx extends QP {
}
