// Takes over what Fiji, a script or the command line found in this image with the same server.
def settings = [
    server    : 'http://127.0.0.1:8000', // where Masklet runs
    session   : '',           // such as ses-a1b2c3d4; '' = the newest with results in an image of this name
    output    : 'annotation', // or detection
    results   : '',           // a folder that also gets IMAGE.geojson and IMAGE.csv
]

if (!binding.hasVariable('qupath.script.file')) throw new IllegalStateException('Save this script beside the folder "masklet" it came with, and run it from there.')
def loader = new GroovyClassLoader(getClass().classLoader)
loader.addClasspath(new File(getProperty('qupath.script.file') as String).parent)
loader.loadClass('masklet.Tasks').newInstance(this, settings).importSession()
