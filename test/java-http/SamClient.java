import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.entity.mime.MultipartEntityBuilder;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.util.Timeout;

/**
 * Sends requests as the QuPath SAM extension does: a client and a connection each, Apache's defaults (an offer of TLS on every GET, gzip).
 * The one argument is a socket time-out in milliseconds, 0 for the library's own of three minutes.
 * Reads lines from standard input, words parted by tabs: GET address; POST address file; UPLOAD address dirname file..., all files side by side.
 * Prints a line a request: status, media type, milliseconds, body in base64; or "failed" and why.
 */
final class SamClient {
    private final int timeoutMs;

    private SamClient(int timeoutMs) {
        this.timeoutMs = timeoutMs;
    }

    public static void main(String[] args) throws Exception {
        SamClient client = new SamClient(Integer.parseInt(args[0]));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split("\t");
            switch (words[0]) {
                case "GET":
                    System.out.println(client.send(new HttpGet(URI.create(words[1]))));
                    break;
                case "POST":
                    System.out.println(client.post(words[1], new String(Files.readAllBytes(Paths.get(words[2])), StandardCharsets.UTF_8)));
                    break;
                default:
                    client.upload(words);
            }
        }
    }

    private String post(String address, String json) {
        HttpPost post = new HttpPost(URI.create(address));
        post.addHeader("accept", "application/json");
        post.addHeader("Content-Type", "application/json; charset=utf-8");
        post.setEntity(new StringEntity(json, ContentType.APPLICATION_JSON));
        return send(post);
    }

    private void upload(String[] words) throws InterruptedException, ExecutionException {
        List<Callable<String>> uploads = new ArrayList<>();
        for (int at = 3; at < words.length; at++) {
            File file = new File(words[at]);
            uploads.add(() -> {
                // Sixteen dashes and the time: short for a boundary, and some readers of forms refuse shorter ones.
                String boundary = String.join("", Collections.nCopies(16, "-")) + System.currentTimeMillis();
                HttpPost post = new HttpPost(URI.create(words[1]));
                post.addHeader("Content-Type", "multipart/form-data; boundary=" + boundary);
                post.setEntity(MultipartEntityBuilder.create().setBoundary(boundary).addTextBody("dirname", words[2])
                    .addBinaryBody("file", Files.readAllBytes(file.toPath()), ContentType.IMAGE_JPEG, file.getName()).build());
                return send(post);
            });
        }
        for (Future<String> reply : new ForkJoinPool(8).invokeAll(uploads)) System.out.println(reply.get());
    }

    private String send(HttpUriRequestBase request) {
        long began = System.nanoTime();
        try (CloseableHttpClient client = newClient()) {
            return client.execute(request, response -> {
                String type = String.valueOf(response.getEntity().getContentType());
                byte[] body = EntityUtils.toByteArray(response.getEntity());
                return response.getCode() + "\t" + type + "\t" + (System.nanoTime() - began) / 1_000_000 + "\t" + Base64.getEncoder().encodeToString(body);
            });
        } catch (Exception fault) {
            return "failed\t" + fault;
        }
    }

    private CloseableHttpClient newClient() {
        HttpClientBuilder builder = HttpClients.custom();
        if (timeoutMs > 0) {
            SocketConfig config = SocketConfig.custom().setSoTimeout(Timeout.ofMilliseconds(timeoutMs)).build();
            builder.setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create().setDefaultSocketConfig(config).build());
        }
        return builder.build();
    }
}
