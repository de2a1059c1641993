/* Fails or kills at the k-th disk call on paths that contain a needle; see disk_fault.rs. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

enum { CALL_WRITE = 1, CALL_SYNC = 2, CALL_NAME = 4 };

static long calls = 0;

static void note(const char *path) {
    const char *log = getenv("FC_FAULT_LOG");
    int fd = log ? open(log, O_WRONLY | O_CREAT | O_APPEND, 0666) : -1;
    if (fd < 0) return;
    char line[512];
    int length = snprintf(line, sizeof line, "fired %ld %s\n", calls, path);
    if (length > (int)sizeof line) length = sizeof line;
    syscall(SYS_write, fd, line, (size_t)length);
    close(fd);
}

/* 1 where the call must fail with errno. */
static int disturb(int call, const char *path) {
    const char *needle = getenv("FC_FAULT_NEEDLE");
    const char *kinds = getenv("FC_FAULT_CALLS");
    const char *at = getenv("FC_FAULT_AT");
    const char *number = getenv("FC_FAULT_ERRNO");
    if (!needle || !kinds || !at || !number) return 0;
    if (!(atoi(kinds) & call) || !strstr(path, needle)) return 0;
    long current = __sync_add_and_fetch(&calls, 1);
    long wanted = atol(at);
    int lasting = getenv("FC_FAULT_LASTING") != NULL;
    if (current < wanted || (current > wanted && !lasting)) return 0;
    note(path);
    if (atoi(number) == 0) raise(SIGKILL);
    errno = atoi(number);
    return 1;
}

static int disturb_fd(int call, int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return disturb(call, path);
}

#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *data, size_t size) {
    if (disturb_fd(CALL_WRITE, fd)) return -1;
    REAL(write);
    return real(fd, data, size);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
    if (disturb_fd(CALL_WRITE, fd)) return -1;
    REAL(pwrite);
    return real(fd, data, size, at);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    if (disturb_fd(CALL_WRITE, fd)) return -1;
    REAL(pwrite64);
    return real(fd, data, size, at);
}

int fsync(int fd) {
    if (disturb_fd(CALL_SYNC, fd)) return -1;
    REAL(fsync);
    return real(fd);
}

int fdatasync(int fd) {
    if (disturb_fd(CALL_SYNC, fd)) return -1;
    REAL(fdatasync);
    return real(fd);
}

int rename(const char *from, const char *to) {
    if (disturb(CALL_NAME, to)) return -1;
    REAL(rename);
    return real(from, to);
}

int unlink(const char *path) {
    if (disturb(CALL_NAME, path)) return -1;
    REAL(unlink);
    return real(path);
}
