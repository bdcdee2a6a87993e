// Follows one object through the frames of a time series, from a box in the first frame, and saves its area over time.
//
// By hand: open the series, draw a box around the object in a frame, run this. Only the slice that is shown is followed.
// From a script: runMacro("Masklet_Time_Series.ijm", "SERIES;FRAME;X,Y,WIDTH,HEIGHT;FOLDER").

given = split(getArgument(), ";");

if (given.length == 4) {
    open(given[0]);
    Stack.setFrame(parseInt(given[1]));
    box = split(given[2], ",");
    makeRectangle(parseInt(box[0]), parseInt(box[1]), parseInt(box[2]), parseInt(box[3]));
    folder = given[3];
} else {
    if (selectionType() < 0) exit("Draw a box around the object first.");
    folder = getDirectory("Where the results go");
}
series = getTitle();
name = folder + File.separator + File.getNameWithoutExtension(series);

run("Masklet Add Prompt...", "object=1 polarity=positive kind=box mode=replace model=auto");
run("Masklet Propagate...", "axis=t direction=both first=0 last=0 objects=1 output=all model=auto");
saveAs("Tiff", name + "-labels.tif");

// One outline a frame is in the ROI Manager. A frame without one has lost the object.
selectWindow(series);
run("Set Measurements...", "area mean centroid redirect=None decimal=3");
table = "Area over time";
Table.create(table);
for (i = 0; i < roiManager("count"); i++) {
    roiManager("select", i); // also shows its frame
    Stack.getPosition(channel, slice, frame);
    Table.set("frame", i, frame, table);
    Table.set("time", i, (frame - 1) * Stack.getFrameInterval(), table);
    Table.set("area", i, getValue("Area"), table);
    Table.set("mean", i, getValue("Mean"), table);
}
Table.update(table);
Table.save(name + "-areas.csv", table);
