// Finds objects that nobody pointed at, on a slice or in a whole stack. README.md beside this file has more.
def settings = [
    server    : 'http://127.0.0.1:8000', // where Masklet runs
    method    : 'slice',      // slice = the network, on one slice; stack = the network, every particle of the z-stack; or a recipe without it: fds, fds-grains
    slice     : '',           // counted from 0; '' = that of the annotation of class Region*, or 0
    frame     : '',           // likewise
    points    : 32,           // slice and stack: try 32 x 32 clicks on a slice
    every     : 8,            // stack: on every eighth slice
    pathClass : '',           // the class the objects get
    channel   : 0,            // counted from 0; RGB images are looked at in colour, by a recipe on red
    downsample: 1,            // 4 = look at the image 4 times smaller; a whole number
    low       : '',           // the raw values that are black and white to the network; '' = those of 0.5 % and 99.5 % of the pixels
    high      : '',
    model     : 'auto',
    output    : 'annotation', // or detection
    results   : '',           // a folder that also gets IMAGE.geojson and IMAGE.csv
]

if (!binding.hasVariable('qupath.script.file')) throw new IllegalStateException('Save this script beside the folder "masklet" it came with, and run it from there.')
def loader = new GroovyClassLoader(getClass().classLoader)
loader.addClasspath(new File(getProperty('qupath.script.file') as String).parent)
loader.loadClass('masklet.Tasks').newInstance(this, settings).findObjects()
