// SQLite by itself, committing rows of a given size in groups of a given size: the yardstick for durable decisions.
//
//   commit FILE BYTES GROUP SECONDS
//
// Write-ahead log, synchronous FULL, prepared statements, content that differs from row to row; checkpoints come from a
// second connection, as in the ledger. Prints one line of JSON.
#include <pthread.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *path;
static volatile int isDone;

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static sqlite3 *database;

static void run(sqlite3 *on, const char *sql) {
    char *message = NULL;
    if (sqlite3_exec(on, sql, NULL, NULL, &message) != SQLITE_OK) {
        fprintf(stderr, "commit: %s: %s\n", sql, message);
        exit(2);
    }
}

static void *checkpoint(void *nothing) {
    sqlite3 *second;
    sqlite3_open(path, &second);
    while (!isDone) {
        usleep(200000);
        sqlite3_wal_checkpoint_v2(second, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    }
    sqlite3_close(second);
    return nothing;
}

int main(int count, char **arguments) {
    if (count != 5) {
        fprintf(stderr, "usage: commit FILE BYTES GROUP SECONDS\n");
        return 64;
    }
    path = arguments[1];
    int bytes = atoi(arguments[2]), group = atoi(arguments[3]);
    double length = atof(arguments[4]);
    if (bytes < 16 || group < 1) return 64;
    if (sqlite3_open(path, &database) != SQLITE_OK) {
        fprintf(stderr, "commit: %s: %s\n", path, sqlite3_errmsg(database));
        return 2;
    }
    run(database, "PRAGMA journal_mode=WAL");
    run(database, "PRAGMA synchronous=FULL");
    run(database, "PRAGMA wal_autocheckpoint=0");
    run(database, "CREATE TABLE record (id INTEGER PRIMARY KEY, body BLOB NOT NULL)");
    sqlite3_stmt *begin, *insert, *end;
    sqlite3_prepare_v2(database, "BEGIN IMMEDIATE", -1, &begin, NULL);
    sqlite3_prepare_v2(database, "INSERT INTO record (body) VALUES (?)", -1, &insert, NULL);
    sqlite3_prepare_v2(database, "COMMIT", -1, &end, NULL);
    uint8_t *body = malloc((size_t)bytes);
    for (int i = 0; i < bytes; i++) body[i] = (uint8_t)rand();
    pthread_t thread;
    pthread_create(&thread, NULL, checkpoint, NULL);

    uint64_t rows = 0, commits = 0;
    double start = seconds(), now = start;
    while (now - start < length) {
        int rc = sqlite3_step(begin);
        sqlite3_reset(begin);
        for (int i = 0; i < group && rc == SQLITE_DONE; i++) {
            rows++;
            memcpy(body, &rows, sizeof rows);
            sqlite3_bind_blob(insert, 1, body, bytes, SQLITE_STATIC);
            rc = sqlite3_step(insert);
            sqlite3_reset(insert);
        }
        if (rc == SQLITE_DONE) rc = sqlite3_step(end);
        sqlite3_reset(end);
        if (rc != SQLITE_DONE) {
            fprintf(stderr, "commit: %s\n", sqlite3_errmsg(database));
            return 2;
        }
        commits++;
        now = seconds();
    }
    isDone = 1;
    pthread_join(thread, NULL);
    printf(
        "{\"rows_per_second\":%.0f,\"commits_per_second\":%.0f,\"commit_us\":%.1f}\n", (double)rows / (now - start),
        (double)commits / (now - start), (now - start) * 1e6 / (double)commits);
    sqlite3_finalize(begin);
    sqlite3_finalize(insert);
    sqlite3_finalize(end);
    sqlite3_close(database);
    return 0;
}
