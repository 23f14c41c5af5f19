/** Uses the guide's Session.java from four threads. Arguments: site, username, password, seconds. */
class Drive {
    public static void main(String[] arguments) throws Exception {
        var session = new Session(arguments[0], arguments[1], arguments[2]);
        long end = System.nanoTime() + Long.parseLong(arguments[3]) * 1_000_000_000;
        var statuses = new java.util.concurrent.ConcurrentHashMap<Integer, Integer>();
        var failures = new java.util.concurrent.ConcurrentLinkedQueue<Exception>();
        var threads = new java.util.ArrayList<Thread>();
        for (int number = 0; number < 4; number += 1) {
            var thread = new Thread(() -> {
                try {
                    while (System.nanoTime() < end) {
                        var response = session.request("GET", "/api/auth/me", null);
                        statuses.merge(response.statusCode(), 1, Integer::sum);
                        // The interval in which this client polls.
                        Thread.sleep(50);
                    }
                } catch (Exception failure) {
                    failures.add(failure);
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (var thread : threads) thread.join();
        for (var failure : failures) throw failure;
        var json = new java.util.StringJoiner(",", "{", "}");
        statuses.forEach((status, number) -> json.add("\"" + status + "\":" + number));
        System.out.println(json);
    }
}
