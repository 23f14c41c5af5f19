/* Measures how many passwords crypt_r(3) hashes a second on a number of threads.
 *
 *   bare_crypt THREADS SECONDS [COST]      prints hashes a second; bcrypt, cost 10
 */
#include <crypt.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static char setting[CRYPT_GENSALT_OUTPUT_SIZE];
static double limit;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void *hash(void *rate) {
    struct crypt_data *data = calloc(1, sizeof *data);
    double start = now(), end = start;
    long count = 0;
    for (; end - start < limit; end = now(), count++)
        if (!crypt_r("A password, Aa1@", setting, data)) exit(1);
    *(double *)rate = count / (end - start);
    free(data);
    return NULL;
}

int main(int argc, char **argv) {
    pthread_t thread[64];
    double rate[64], sum = 0;
    int threads = argc > 1 ? atoi(argv[1]) : 2;
    unsigned long cost = argc > 3 ? strtoul(argv[3], NULL, 10) : 10;
    limit = argc > 2 ? atof(argv[2]) : 5;
    if (threads < 1 || threads > 64) return 64;
    if (!crypt_gensalt_rn("$2b$", cost, NULL, 0, setting, sizeof setting)) return 64;
    for (int i = 0; i < threads; i++) pthread_create(&thread[i], NULL, hash, &rate[i]);
    for (int i = 0; i < threads; i++) pthread_join(thread[i], NULL), sum += rate[i];
    printf("%.2f\n", sum);
    return 0;
}
