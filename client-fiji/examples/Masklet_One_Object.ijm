// Follows one object through a stack: a box on one slice in; labels, outlines and measurements out.
//
// By hand: run it, choose a stack and a folder, and draw a box around the object on the slice where it is seen best.
// From a script, or for many stacks: runMacro("Masklet_One_Object.ijm", "STACK;SLICE;X,Y,WIDTH,HEIGHT;FOLDER").
// A Masklet server must be running (`npx masklet serve`); Plugins > Masklet > Masklet Connect... chooses another than the last one.

given = split(getArgument(), ";");

if (given.length == 4) {
    open(given[0]);
    setSlice(parseInt(given[1]));
    box = split(given[2], ",");
    makeRectangle(parseInt(box[0]), parseInt(box[1]), parseInt(box[2]), parseInt(box[3]));
    folder = given[3];
} else {
    open(File.openDialog("The stack"));
    folder = getDirectory("Where the results go");
    setTool("rectangle");
    waitForUser("Masklet", "Draw a box around the object, on the slice where it is seen best.");
}
stack = getTitle();
name = folder + File.separator + File.getNameWithoutExtension(stack);

// The box is a prompt. Its answer is drawn at once: look at it before the long way through the stack.
run("Masklet Add Prompt...", "object=1 polarity=positive kind=box mode=replace model=auto");
run("Masklet Propagate...", "axis=z direction=both first=0 last=0 objects=1 output=all model=auto");

// The label image is the active image now. Its voxels hold the object's number.
saveAs("Tiff", name + "-labels.tif");
roiManager("save", name + "-outlines.zip");

// One line a slice, in the units of the image: area, grey values, centre.
selectWindow(stack);
run("Set Measurements...", "area mean standard min centroid stack display redirect=None decimal=3");
run("Clear Results");
roiManager("deselect");
roiManager("measure");
saveAs("Results", name + "-measurements.csv");
