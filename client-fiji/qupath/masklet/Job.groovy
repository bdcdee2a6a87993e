package masklet

/** One run of an operation on the server, which asks for the pixels it needs while it works. */
class Job {
    private static final ENDED = ['done', 'failed', 'cancelled']
    private static final STOPPING_MS = 10_000
    private static final TELLING_MS = 2000
    private final Server server
    private final Pixels pixels
    private final Map session
    private final Closure say

    Job(Server server, Pixels pixels, Map session, Closure say) {
        this.server = server
        this.pixels = pixels
        this.session = session
        this.say = say
    }

    /** Waits for the end and returns the job's result. Whatever stops the waiting stops the job as well. */
    Map run(String operation, Map params) {
        def job = server.ask('POST', '/v1/jobs', [operation: operation, sessionId: session.sessionId, params: params, supply: true])
        def path = '/v1/jobs/' + job.id
        try {
            job = follow(job, path)
        } catch (Exception thrown) {
            // Reading a file may fail in its own way when its thread is interrupted.
            def stopped = thrown instanceof InterruptedException || Thread.interrupted()
            end(path)
            throw stopped ? new InterruptedException('Stopped; what Masklet had found is kept.') : thrown
        }
        if (job.state == 'done') return job.result
        throw new Problem("${job.error.message} ${job.error.hint}", job.error.code)
    }

    private Map follow(Map job, String path) {
        def pause = 20
        def told = System.currentTimeMillis()
        def before = null
        while (!ENDED.contains(job.state)) {
            def needed = server.ask('GET', '/v1/volumes/' + session.volumeId).planesNeeded
            if (needed?.size() > 1) say("sends ${needed.size()} planes")
            needed.each {
                if (Thread.interrupted()) throw new InterruptedException()
                pixels.put(server, session.volumeId, it)
            }
            pause = needed ? 20 : Math.min(250, pause * 2)
            Thread.sleep(pause)
            job = server.ask('GET', path)
            def isTime = job.state == 'done' || System.currentTimeMillis() - told > TELLING_MS
            if (isTime && job.progress.total > 1 && job.progress.done > 0 && job.progress != before) {
                told = System.currentTimeMillis()
                before = job.progress
                say("${before.step ? before.step + ': ' : ''}${before.done as long} of ${before.total as long} ${before.unit}")
            }
        }
        return job
    }

    private void end(String path) {
        server.ask('DELETE', path)
        def until = System.currentTimeMillis() + STOPPING_MS
        while (System.currentTimeMillis() < until && !ENDED.contains(server.ask('GET', path).state)) Thread.sleep(50)
    }
}
