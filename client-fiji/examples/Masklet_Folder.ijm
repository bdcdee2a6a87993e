// Segments every stack of a folder that has outlines beside it: for cell.tif the ROI Manager's file cell.zip, with one box
// (or points, or an outline) for each object, on the slice where it is seen best. Draw them in Fiji, press t for each, and
// save them with More > Save... of the ROI Manager.
//
// By hand: run it and choose the folder. From a script: runMacro("Masklet_Folder.ijm", "FOLDER").
// Results go beside each stack: cell-labels.tif and cell-measurements.csv. A failure stops it, with the reason in the Log.

folder = getArgument();
if (folder == "") folder = getDirectory("The folder with stacks and their outlines");
if (!endsWith(folder, File.separator)) folder += File.separator;

setBatchMode(true); // no windows: faster, and nothing is in the way
files = getFileList(folder);
for (i = 0; i < files.length; i++) {
    name = folder + File.getNameWithoutExtension(files[i]);
    if (endsWith(files[i], ".tif") && File.exists(name + ".zip")) segment(name);
}

function segment(name) {
    open(name + ".tif");
    stack = getTitle();
    print("Masklet: " + stack);
    roiManager("reset");
    roiManager("open", name + ".zip");
    prompts = roiManager("count");
    run("Masklet Clear Prompts"); // those of an earlier run, which the server keeps
    for (object = 1; object <= prompts; object++) {
        roiManager("select", object - 1); // also shows its slice
        run("Masklet Add Prompt...", "object=" + object + " polarity=positive kind=auto mode=replace model=auto");
    }
    roiManager("reset");
    run("Select None");
    run("Masklet Propagate...", "axis=z direction=both first=0 last=0 objects=all output=all model=auto");
    saveAs("Tiff", name + "-labels.tif");
    selectWindow(stack);
    run("Set Measurements...", "area mean centroid stack display redirect=None decimal=3");
    run("Clear Results");
    roiManager("deselect");
    roiManager("measure");
    saveAs("Results", name + "-measurements.csv");
    close("*");
}
