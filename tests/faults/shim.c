/* Faults of a disk, for one process: preloaded, it lets the chosen call on the files of a state fail.
 *
 *   FAULT_CALL    write, sync or rename
 *   FAULT_NUMBER  which of these calls fails, from 1
 *   FAULT_ERRNO   with which error
 *   FAULT_LASTS   1: all later ones fail too
 *   FAULT_FIRED   a file that is made when it happens
 *
 * A write that fails has written half of its bytes before, as on a disk that fills up.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *PART = "terraform.tfstate";
static int passed;

static int is_ours(const char *path) { return strstr(path, PART) != NULL; }

static int is_our_file(int descriptor) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return is_ours(path);
}

static int fails(const char *call) {
    const char *chosen = getenv("FAULT_CALL"), *number = getenv("FAULT_NUMBER");
    if (!chosen || !number || strcmp(chosen, call)) return 0;
    int now = __sync_add_and_fetch(&passed, 1), at = atoi(number);
    const char *lasts = getenv("FAULT_LASTS");
    if (now != at && !(now > at && lasts && *lasts == '1')) return 0;
    const char *fired = getenv("FAULT_FIRED");
    if (fired) {
        int file = open(fired, O_CREAT | O_WRONLY, 0600);
        if (file >= 0) close(file);
    }
    errno = atoi(getenv("FAULT_ERRNO"));
    return 1;
}

ssize_t write(int descriptor, const void *content, size_t size) {
    static ssize_t (*real)(int, const void *, size_t);
    if (!real) real = dlsym(RTLD_NEXT, "write");
    if (descriptor > 2 && is_our_file(descriptor) && fails("write")) {
        int problem = errno;
        if (size > 1) real(descriptor, content, size / 2);
        errno = problem;
        return -1;
    }
    return real(descriptor, content, size);
}

int fsync(int descriptor) {
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "fsync");
    return is_our_file(descriptor) && fails("sync") ? -1 : real(descriptor);
}

int fdatasync(int descriptor) {
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "fdatasync");
    return is_our_file(descriptor) && fails("sync") ? -1 : real(descriptor);
}

int rename(const char *from, const char *to) {
    static int (*real)(const char *, const char *);
    if (!real) real = dlsym(RTLD_NEXT, "rename");
    return is_ours(to) && fails("rename") ? -1 : real(from, to);
}
