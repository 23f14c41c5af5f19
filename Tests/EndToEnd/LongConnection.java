import java.io.FileInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Sends requests with Java's own HTTP client, which does not repeat one whose response is lost.
 *
 * <p>Arguments: the URL, the authority's certificate, how many requests, and how many at a time.
 * Prints how many succeeded over HTTP/2.
 */
class LongConnection {
    public static void main(String[] arguments) throws Exception {
        int count = Integer.parseInt(arguments[2]);
        int atOnce = Integer.parseInt(arguments[3]);
        HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_2).sslContext(trusting(arguments[1])).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create(arguments[0])).build();
        // The first request opens the connection that all others share.
        client.send(request, HttpResponse.BodyHandlers.ofString());

        AtomicInteger succeeded = new AtomicInteger();
        Semaphore free = new Semaphore(atOnce);
        for (int sent = 0; sent < count; sent++) {
            free.acquire();
            client.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .whenComplete((response, error) -> {
                    if (error == null && response.statusCode() == 200
                            && response.version() == HttpClient.Version.HTTP_2) {
                        succeeded.incrementAndGet();
                    }
                    free.release();
                });
        }
        free.acquire(atOnce);
        System.out.println(succeeded.get());
        System.exit(0);
    }

    private static SSLContext trusting(String path) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (FileInputStream file = new FileInputStream(path)) {
            store.setCertificateEntry(
                "tests", CertificateFactory.getInstance("X.509").generateCertificate(file));
        }
        TrustManagerFactory managers =
            TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }
}
