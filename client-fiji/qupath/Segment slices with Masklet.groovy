// Segments what annotations mark, each on its own slice. README.md beside this file says how to draw prompts.
def settings = [
    server    : 'http://127.0.0.1:8000', // where Masklet runs
    only      : '',           // take only annotations of this class as prompts; '' = the selected ones, or all where none is selected
    channel   : 0,            // counted from 0; RGB images are looked at in colour
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
loader.loadClass('masklet.Tasks').newInstance(this, settings).segmentSlices()
