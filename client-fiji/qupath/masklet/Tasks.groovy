package masklet

import static qupath.lib.gui.scripting.QPEx.*

/** What the scripts do, one method a script. */
class Tasks {
    private final Script script
    private final Map settings
    private final Closure say = { script.println("Masklet: ${it}") }
    private final Server server
    private final image

    Tasks(Script script, Map settings) {
        this.script = script
        this.settings = Settings.read(settings, script.binding.hasVariable('args') ? script.binding.getVariable('args') as List : [])
        image = getCurrentServer()
        if (image == null) throw new Problem('Open an image first.')
        server = new Server(this.settings.server)
    }

    void segmentSlices() {
        prompted { job, objects -> segment(job, objects) }
    }

    void propagate() {
        prompted { job, objects ->
            segment(job, objects)
            def size = settings.along == 'z' ? image.nZSlices() : image.nTimepoints()
            def params = [along: settings.along, direction: settings.direction, model: settings.model]
            if (settings.first != null || settings.last != null) params.range = [start: settings.first ?: 0, end: settings.last == null ? size : settings.last + 1]
            def result = job.run('propagate', params)
            def names = objects.collectEntries { [(it.id): it.name ?: "object ${it.id}"] }
            result.ends.each { say("${names[it.objectId as int]} ends ${it.direction} at ${it.index as int}: ${it.reason}") }
        }
    }

    void findObjects() {
        def regions = Prompts.regions()
        def region = Region.choose(image, regions*.getROI(), [], settings.downsample, say)
        def (z, t) = regions ? Prompts.planeOf(regions[0]) : [0, 0]
        z = settings.slice == null ? z : settings.slice
        t = settings.frame == null ? t : settings.frame
        def network = [grid: [pointsPerSide: settings.points], model: settings.model]
        def asked = settings.method == 'slice' ? ['automask', [cut: [axis: 'z', index: z, t: t, c: 0]] + network] :
            settings.method == 'stack' ? ['automask.stack', [along: 'z', frame: t, every: settings.every] + network] :
            ['classical.run', [recipe: settings.method, frame: t, c: 0, prompts: 'none']]
        def objectsOf = { session ->
            server.ask('GET', '/v1/sessions/' + session.sessionId).objects.collect {
                [key: "found ${session.sessionId} ${it.objectId as int}".toString(), id: it.objectId as int, name: null, pathClass: settings.pathClass ? getPathClass(settings.pathClass) : null]
            }
        }
        inSession(region, { it.run(asked[0], asked[1]) }, objectsOf, { key, now, isDone -> key.startsWith('found ') && (isDone || now) })
    }

    void importSession() {
        def session = settings.session ? server.ask('GET', '/v1/sessions/' + settings.session) : newestSession()
        def region = Region.ofVolume(image, server.ask('GET', '/v1/volumes/' + session.volumeId))
        def outlines = new Outlines(server, region, session.sessionId, settings.output)
        def objects = outlines.knownObjects(session.objects)
        deliver(outlines, session, objects, { key, now -> objects*.key.contains(key) })
    }

    private void prompted(Closure work) {
        def annotations = Prompts.annotations(settings.only)
        def region = Region.choose(image, Prompts.regions()*.getROI(), annotations*.getROI(), settings.downsample, say)
        def objects = Prompts.byObject(annotations, region)
        if (objects.isEmpty()) throw new Problem('No prompt lies in the part that is looked at: move the region of class Region*, or remove it.')
        inSession(region, { work(it, objects) }, { objects }, { key, now, isDone -> (isDone ? objects*.key : now).contains(key) })
    }

    /**
     * @param objectsOf whose outlines there are when the work has ended, or was stopped
     * @param replaces whether older outlines of a key go, by the key, the keys found now, and whether the work was done to its end
     */
    private void inSession(Region region, Closure work, Closure objectsOf, Closure replaces) {
        def pixels = new Pixels(image, region, settings.channel)
        def volume = server.ask('POST', '/v1/volumes', pixels.declaration(say))
        def session = server.ask('POST', '/v1/sessions', [volumeId: volume.volumeId, view: settings.low == null ? [:] : [range: [settings.low, settings.high]]])
        def outlines = new Outlines(server, region, session.sessionId, settings.output)
        try {
            work(new Job(server, pixels, session, say))
        } catch (InterruptedException stopped) {
            deliver(outlines, session, objectsOf(session), { key, now -> replaces(key, now, false) })
            throw stopped
        }
        deliver(outlines, session, objectsOf(session), { key, now -> replaces(key, now, true) })
    }

    private void segment(Job job, List<Map> objects) {
        def total = objects.collect { it.prompts.size() }.sum()
        def count = 0
        objects.each { object ->
            object.prompts.each { plane, prompt ->
                say("segments prompt ${++count} of ${total}, slice ${plane[0]}${image.nTimepoints() > 1 ? ", frame ${plane[1]}" : ''}")
                job.run('prompt.set', [objectId: object.id, cut: [axis: 'z', index: plane[0], t: plane[1], c: 0], model: settings.model] + prompt)
            }
        }
    }

    private Map newestSession() {
        def name = image.getMetadata().getName()
        def session = server.ask('GET', '/v1/sessions').find { candidate ->
            candidate.objects.any { it.masks > 0 } && Region.imageName(server.ask('GET', '/v1/volumes/' + candidate.volumeId)) == name
        }
        if (session == null) throw new Problem("The server has found nothing in an image named ${name}: segment it first, or give the setting session.")
        return session
    }

    private void deliver(Outlines outlines, Map session, List<Map> objects, Closure replaces) {
        def taken = outlines.takeOver(objects, replaces)
        def features = taken.features
        say("found ${features.size()} outlines${taken.kept ? ", kept ${taken.kept} that you have corrected" : ''} (session ${session.sessionId})")
        if (settings.results && features.size() > 0) say("wrote ${outlines.write(features, settings.results, getCurrentImageName())}.geojson and .csv into ${settings.results}")
    }
}
