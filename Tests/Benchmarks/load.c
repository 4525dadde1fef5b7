// Sends HTTP/1.1 POST requests over keep-alive connections and measures the answers.
//
//   load PORT PATH KEY BODIES CONNECTIONS SECONDS RATE
//
// BODIES is a file with one JSON body per line, sent in turn. With RATE 0 every connection sends its next request when
// the answer has come (closed loop, time is taken from the send). Otherwise requests fall due at a constant rate
// whatever the server does, and time is taken from the instant a request was due, so that waiting counts (open loop).
// A first fifth of the time is warm-up. Prints one line of JSON; exits 1 when anything but 200 was answered.
//
// Latencies go into a histogram with buckets of at most 1/128 of their value.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { connectionsMax = 1024, answerBytesMax = 4 << 20, subBits = 7, buckets = (64 - subBits) << subBits };

struct connection {
    int fd;
    char *out;
    size_t outLength, outSent;
    char *in;
    size_t inLength, inCapacity;
    size_t expected;  // bytes of the whole answer, once its head is read
    uint64_t from;    // when the request under way was sent or due
    int isBusy;
};

static uint64_t histogram[buckets];
static uint64_t answersTotal, answers, bytesIn, statusOther, allows, denies, latencyMax;
static double latencySum;
static const char *bodies, *bodiesEnd, *bodyNext;
static char *head;
static size_t headLength;
static int isMeasuring;
static char failure[512];

static void fail(const char *what) {
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(2);
}

static uint64_t nanoseconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static size_t bucketOf(uint64_t value) {
    if (value < (1u << subBits)) return value;
    unsigned shift = 63 - (unsigned)__builtin_clzll(value) - subBits;
    return ((size_t)(shift + 1) << subBits) + (size_t)((value >> shift) - (1u << subBits));
}

// The upper edge of a bucket.
static uint64_t valueOf(size_t bucket) {
    if (bucket < (1u << subBits)) return bucket;
    unsigned shift = (unsigned)(bucket >> subBits) - 1;
    return (((uint64_t)(bucket & ((1u << subBits) - 1)) + (1u << subBits) + 1) << shift) - 1;
}

static uint64_t percentile(double p) {
    uint64_t wanted = (uint64_t)((double)answers * p / 100 + 0.5), seen = 0;
    if (wanted < 1) wanted = 1;
    for (size_t i = 0; i < buckets; i++) {
        seen += histogram[i];
        if (seen >= wanted) return valueOf(i) < latencyMax ? valueOf(i) : latencyMax;
    }
    return latencyMax;
}

static void compose(struct connection *c) {
    const char *end = memchr(bodyNext, '\n', (size_t)(bodiesEnd - bodyNext));
    size_t length = (size_t)((end ? end : bodiesEnd) - bodyNext);
    c->out = realloc(c->out, headLength + length + 32);
    memcpy(c->out, head, headLength);
    int digits = sprintf(c->out + headLength, "%zu\r\n\r\n", length);
    memcpy(c->out + headLength + digits, bodyNext, length);
    c->outLength = headLength + (size_t)digits + length;
    c->outSent = 0;
    bodyNext = end ? end + 1 : bodiesEnd;
    if (bodyNext >= bodiesEnd) bodyNext = bodies;
}

static void push(struct connection *c) {
    while (c->outSent < c->outLength) {
        ssize_t n = send(c->fd, c->out + c->outSent, c->outLength - c->outSent, MSG_NOSIGNAL);
        if (n < 0 && errno == EAGAIN) return;
        if (n < 0) fail("send");
        c->outSent += (size_t)n;
    }
}

static void start(struct connection *c, uint64_t from) {
    compose(c);
    c->from = from;
    c->isBusy = 1;
    c->inLength = c->expected = 0;
    push(c);
}

static void tally(const char *body, size_t length) {
    const char *at = body, *end = body + length;
    static const char key[] = "\"verdict\":\"";
    while ((at = memmem(at, (size_t)(end - at), key, sizeof key - 1))) {
        at += sizeof key - 1;
        if (at < end && *at == 'a') allows++; else denies++;
    }
}

// Reads what is there; 1 when the answer is complete.
static int pull(struct connection *c) {
    for (;;) {
        if (c->inCapacity - c->inLength < 65536) {
            c->inCapacity = c->inCapacity ? c->inCapacity * 2 : 131072;
            if (c->inCapacity > answerBytesMax * 2) { errno = EMSGSIZE; fail("answer"); }
            c->in = realloc(c->in, c->inCapacity);
        }
        ssize_t n = recv(c->fd, c->in + c->inLength, c->inCapacity - c->inLength - 1, 0);
        if (n < 0 && errno == EAGAIN) return 0;
        if (n < 0) fail("receive");
        if (n == 0) { errno = ECONNRESET; fail("the server closed a connection"); }
        c->inLength += (size_t)n;
        c->in[c->inLength] = 0;
        if (!c->expected) {
            char *gap = strstr(c->in, "\r\n\r\n");
            if (!gap) continue;
            char *field = strcasestr(c->in, "\r\ncontent-length:");
            if (!field || field > gap) { errno = EPROTO; fail("an answer without content-length"); }
            c->expected = (size_t)(gap + 4 - c->in) + strtoul(field + 17, NULL, 10);
        }
        if (c->inLength >= c->expected) return 1;
    }
}

static void finish(struct connection *c, uint64_t now) {
    c->isBusy = 0;
    if (c->inLength < 12) { errno = EPROTO; fail("status line"); }
    int isFine = memcmp(c->in + 9, "200", 3) == 0;
    if (!isFine && !failure[0]) snprintf(failure, sizeof failure, "%.*s", (int)c->inLength, c->in);
    answersTotal++;
    if (!isMeasuring) return;
    uint64_t took = now - c->from;
    answers++;
    bytesIn += c->inLength;
    histogram[bucketOf(took)]++;
    latencySum += (double)took;
    if (took > latencyMax) latencyMax = took;
    if (!isFine) { statusOther++; return; }
    // One answer in 64 is looked into, so that counting costs nothing.
    if (answers % 64 == 1) {
        char *body = strstr(c->in, "\r\n\r\n") + 4;
        tally(body, c->inLength - (size_t)(body - c->in));
    }
}

int main(int count, char **arguments) {
    if (count != 8) {
        fprintf(stderr, "usage: load PORT PATH KEY BODIES CONNECTIONS SECONDS RATE\n");
        return 64;
    }
    int port = atoi(arguments[1]), connections = atoi(arguments[5]);
    double seconds = atof(arguments[6]), rate = atof(arguments[7]);
    if (connections < 1 || connections > connectionsMax) { errno = EINVAL; fail("connections"); }
    int file = open(arguments[4], O_RDONLY);
    struct stat info;
    if (file < 0 || fstat(file, &info) || info.st_size == 0) fail(arguments[4]);
    bodies = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
    if (bodies == MAP_FAILED) fail("mmap");
    bodiesEnd = bodies + info.st_size;
    if (bodiesEnd[-1] == '\n') bodiesEnd--;
    bodyNext = bodies;
    headLength = (size_t)asprintf(
        &head,
        "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\n"
        "Content-Type: application/json\r\nContent-Length: ",
        arguments[2], port, arguments[3]);
    prctl(PR_SET_TIMERSLACK, 1);

    int poll = epoll_create1(0);
    struct connection *all = calloc((size_t)connections, sizeof *all);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int i = 0; i < connections; i++) {
        all[i].fd = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(all[i].fd, (struct sockaddr *)&address, sizeof address)) fail("connect");
        int one = 1;
        setsockopt(all[i].fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        fcntl(all[i].fd, F_SETFL, O_NONBLOCK);
        struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.u32 = (uint32_t)i};
        epoll_ctl(poll, EPOLL_CTL_ADD, all[i].fd, &event);
    }

    uint64_t begin = nanoseconds(), measured = begin + (uint64_t)(seconds * 0.2e9);
    uint64_t end = begin + (uint64_t)(seconds * 1e9), now = begin, sent = 0;
    int idle[connectionsMax], idleCount = 0;
    if (rate == 0) {
        for (int i = 0; i < connections; i++) start(&all[i], now);
    } else {
        for (int i = 0; i < connections; i++) idle[idleCount++] = i;
    }
    struct epoll_event events[connectionsMax];
    while (now < end) {
        struct timespec wait = {.tv_sec = 0, .tv_nsec = 50000000};
        if (rate > 0) {
            uint64_t due;
            while ((due = begin + (uint64_t)((double)sent * 1e9 / rate)) <= now && idleCount > 0) {
                start(&all[idle[--idleCount]], due);
                sent++;
            }
            if (idleCount > 0) wait.tv_nsec = (long)(due - now < 50000000 ? due - now : 50000000);
        }
        int ready = epoll_pwait2(poll, events, connectionsMax, &wait, NULL);
        if (ready < 0 && errno != EINTR) fail("epoll");
        now = nanoseconds();
        isMeasuring = now >= measured;
        for (int i = 0; i < ready; i++) {
            struct connection *c = &all[events[i].data.u32];
            if (!c->isBusy) continue;
            if (c->outSent < c->outLength) push(c);
            if (!(events[i].events & ~EPOLLOUT)) continue;
            if (!pull(c)) continue;
            now = nanoseconds();
            finish(c, now);
            if (rate == 0) start(c, now); else idle[idleCount++] = (int)events[i].data.u32;
        }
    }
    double span = (double)(now - measured) / 1e9;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    uint64_t looked = allows + denies;
    printf(
        "{\"answers\":%llu,\"answers_total\":%llu,\"per_second\":%.0f,\"status_other\":%llu,\"allow_share\":%.4f,\"bytes_per_answer\":%.0f,"
        "\"mean_us\":%.1f,\"p50_us\":%.1f,\"p90_us\":%.1f,\"p99_us\":%.1f,\"p999_us\":%.1f,\"max_us\":%.1f}\n",
        (unsigned long long)answers, (unsigned long long)answersTotal, (double)answers / span, (unsigned long long)statusOther,
        looked ? (double)allows / (double)looked : 0, answers ? (double)bytesIn / (double)answers : 0,
        answers ? latencySum / (double)answers / 1e3 : 0, (double)percentile(50) / 1e3, (double)percentile(90) / 1e3,
        (double)percentile(99) / 1e3, (double)percentile(99.9) / 1e3, (double)latencyMax / 1e3);
    if (failure[0]) fprintf(stderr, "load: first answer that was not 200:\n%s\n", failure);
    return statusOther ? 1 : 0;
}
