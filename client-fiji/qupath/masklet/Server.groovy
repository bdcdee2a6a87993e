package masklet

import com.google.gson.Gson

/** Masklet's HTTP interface (protocol/openapi.yaml). Answers that are JSON become maps, lists and numbers. */
class Server {
    private static final CONNECT_MS = 3000
    private static final READ_MS = 120_000
    private final String url
    private final String token
    private final Gson gson = new Gson()

    Server(String url) {
        this.url = url
        token = findToken()
        def health = ask('GET', '/v1/health')
        if (!(health instanceof Map) || health.name != 'masklet') throw new Problem("What answers at ${url} is not Masklet: correct the setting server.")
    }

    /** Never a setting, since scripts are passed on. */
    private static String findToken() {
        def variable = System.getenv('MASKLET_TOKEN')?.trim()
        if (variable) return variable
        def file = new File(System.getProperty('user.home'), '.masklet/token')
        return file.isFile() ? file.getText('UTF-8').trim() : null
    }

    /** @param body is sent as JSON */
    def ask(String method, String path, body = null) {
        def text = text(method, path, body == null ? null : gson.toJson(body).getBytes('UTF-8'), 'application/json')
        return text.startsWith('{') || text.startsWith('[') ? gson.fromJson(text, Object) : text
    }

    String read(String path) {
        return text('GET', path, null, null)
    }

    void put(String path, byte[] bytes) {
        text('PUT', path, bytes, 'application/octet-stream')
    }

    private String text(String method, String path, byte[] body, String type) {
        try {
            def connection = (HttpURLConnection) new URL(url + path).openConnection()
            connection.requestMethod = method
            connection.connectTimeout = CONNECT_MS
            connection.readTimeout = READ_MS
            if (token) connection.setRequestProperty('Authorization', 'Bearer ' + token)
            if (body != null) {
                connection.doOutput = true
                connection.setRequestProperty('Content-Type', type)
                connection.outputStream.withStream { it.write(body) }
            }
            def status = connection.responseCode
            def answer = (status < 400 ? connection.inputStream : connection.errorStream)?.withStream { it.getText('UTF-8') } ?: ''
            if (status < 400) return answer
            throw problem(status, answer)
        } catch (MalformedURLException | IllegalArgumentException | ClassCastException wrong) {
            throw new Problem("The setting server is not an address like http://127.0.0.1:8000, but ${url}.")
        } catch (SocketException | SocketTimeoutException | UnknownHostException away) {
            throw new Problem("No Masklet server answers at ${url} (${away.message}): start it with `npm start` in Masklet's folder, or correct the setting server.")
        }
    }

    private Problem problem(int status, String answer) {
        if (status == 401) {
            return new Problem(token ? "The token in MASKLET_TOKEN or ~/.masklet/token is not that of the server at ${url}." :
                "The server at ${url} wants a token: put the MASKLET_TOKEN it was started with into the file ~/.masklet/token.")
        }
        def told = answer.startsWith('{') ? gson.fromJson(answer, Map) : [:]
        return told.message ? new Problem("${told.message} ${told.hint}", told.code) : new Problem("What answers at ${url} is not Masklet (status ${status}): correct the setting server.")
    }
}
