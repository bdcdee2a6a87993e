// Follows one object through a stack, as a command of Fiji with a dialog of its own, or from a shell:
// fiji --run Masklet_One_Object.groovy 'stack="cell.tif",slice=12,box="10,20,60,80",results="out"'
#@ File (label = "Stack") stack
#@ Integer (label = "Slice of the box", min = 1, value = 1) slice
#@ String (label = "Box: x,y,width,height", value = "") box
#@ File (label = "Folder for the results", style = "directory") results
#@ String (label = "Masklet server", value = "ws://127.0.0.1:8000") server
#@output Integer voxels

import groovy.json.JsonSlurper
import ij.IJ
import ij.Macro
import ij.WindowManager
import org.masklet.fiji.Masklet_Macro

// A command tells what came out as JSON: {"ok":true,...} or {"ok":false,"error":{...}}.
def masklet = { image, command, options ->
    try {
        if (image == null) IJ.run(command, options)
        else IJ.run(image, command, options)
    } catch (RuntimeException stopped) {
        if (stopped.message != Macro.MACRO_CANCELED) throw stopped // how a command that fails stops its caller; it tells why
    }
    def told = new JsonSlurper().parseText(Masklet_Macro.lastResult())
    if (!told.ok) throw new IllegalStateException(told.error.message + " " + told.error.hint)
    return told
}

def image = IJ.openImage(stack.path)
if (image == null) throw new IllegalArgumentException("${stack} is no image.")
def (x, y, width, height) = box.split(",").collect { it.trim() as int }
masklet(null, "Masklet Connect...", "server=${server} timeout=3")
image.setSlice(slice)
image.setRoi(x, y, width, height)
masklet(image, "Masklet Add Prompt...", "object=1 polarity=positive kind=box mode=replace model=auto")
def run = masklet(image, "Masklet Propagate...", "axis=z direction=both first=0 last=0 objects=1 output=labels model=auto")

def labels = WindowManager.getImage(run.labels)
voxels = 0
for (n in 1..labels.getStackSize()) {
    def plane = labels.getStack().getProcessor(n)
    for (i in 0..<plane.pixelCount) if (plane.get(i) == 1) voxels++
}
results.mkdirs()
def name = image.title.replaceFirst(/\.[^.]+$/, "")
IJ.saveAsTiff(labels, new File(results, "${name}-labels.tif").path)
def calibration = image.calibration
def volume = voxels * calibration.pixelWidth * calibration.pixelHeight * calibration.pixelDepth
new File(results, "${name}-volume.csv").text = "object,voxels,volume,unit\n1,${voxels},${volume},${calibration.unit}^3\n"
labels.changes = false
labels.close()
