/* Preloaded: writes down what a process does to the files of a folder, or has its calls fail.

   RECORD_TO   a file to which each call is appended, in the order in which they were done
   RECORD_OF   the folder whose files count
   Armed by rostra_arm(kind, n, errno, forever) in the process itself; rostra_calls(kind) counts.

   One lock over all processes is held around a call and its record, so that the order of the
   record is the order in which things happened. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITE, FSYNC, OPEN, TRUNCATE, UNLINK, READ, KINDS };
static const char *folder;
static size_t folder_length;
static int record = -1, is_ready, armed = -1, fail_with, is_for_ever;
static long calls[KINDS], fail_at;
static __thread int is_inside;

struct head { uint32_t kind, process; uint64_t inode, offset, length; };

__attribute__((constructor)) static void begin(void) {
    folder = getenv("RECORD_OF");
    folder_length = folder ? strlen(folder) : 0;
    const char *to = getenv("RECORD_TO");
    if (folder && to) record = open(to, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    is_ready = folder != NULL;
}

void rostra_arm(int kind, long n, int error, int forever) {
    armed = kind; fail_at = n; fail_with = error; is_for_ever = forever;
    memset(calls, 0, sizeof calls);
}
long rostra_calls(int kind) { return calls[kind]; }

static int is_ours(const char *path) {
    return is_ready && path && !strncmp(path, folder, folder_length);
}
static int name_of(int fd, char *name) {
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, name, PATH_MAX - 1);
    if (n < 0) return 0;
    name[n] = 0;
    return is_ours(name) && fd != record;
}
static int fails(int kind) {
    if (is_inside) return 0;
    long n = __sync_add_and_fetch(&calls[kind], 1);
    if (armed != kind || n < fail_at || (n > fail_at && !is_for_ever)) return 0;
    errno = fail_with;
    return 1;
}
/* The lock is taken on a description of its own, for children share those of their parents. */
static int lock(void) {
    if (record < 0) return -1;
    char path[40];
    snprintf(path, sizeof path, "/proc/self/fd/%d", record);
    int own = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CLOEXEC, 0);
    if (own >= 0) flock(own, LOCK_EX);
    return own;
}
static void put(int own, uint32_t kind, const char *name, uint64_t inode, uint64_t offset,
                const void *data, uint64_t length) {
    if (own < 0) return;
    struct head head = { kind, (uint32_t)getpid(), inode, offset, length };
    uint32_t named = name ? strlen(name) : 0;
    struct iovec parts[4] = { { &head, sizeof head }, { &named, 4 }, { (void *)name, named },
                              { (void *)data, data ? length : 0 } };
    syscall(SYS_writev, own, parts, 4);
}
static void unlock(int own) { if (own >= 0) syscall(SYS_close, own); }
static uint64_t inode_of(int fd) { struct stat s; return fstat(fd, &s) ? 0 : s.st_ino; }

static ssize_t do_write(int fd, const void *data, size_t size, off_t at, int is_at) {
    char name[PATH_MAX];
    if (!is_ready || !name_of(fd, name))
        return is_at ? syscall(SYS_pwrite64, fd, data, size, at) : syscall(SYS_write, fd, data, size);
    if (fails(WRITE)) return -1;
    int own = lock();
    off_t where = at;
    if (!is_at) {
        where = fcntl(fd, F_GETFL) & O_APPEND ? lseek(fd, 0, SEEK_END) : lseek(fd, 0, SEEK_CUR);
    }
    ssize_t done = is_at ? syscall(SYS_pwrite64, fd, data, size, at) : syscall(SYS_write, fd, data, size);
    if (done > 0) put(own, WRITE, name, inode_of(fd), where, data, done);
    unlock(own);
    return done;
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { return do_write(fd, data, size, at, 1); }
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) { return do_write(fd, data, size, at, 1); }
ssize_t write(int fd, const void *data, size_t size) { return do_write(fd, data, size, 0, 0); }

static int do_sync(int fd, long call) {
    char name[PATH_MAX];
    if (!is_ready || !name_of(fd, name)) return syscall(call, fd);
    if (fails(FSYNC)) return -1;
    int own = lock();
    int done = record >= 0 ? 0 : syscall(call, fd); /* recorded: the record is the disk */
    if (!done) put(own, FSYNC, name, inode_of(fd), 0, NULL, 0);
    unlock(own);
    return done;
}
int fsync(int fd) { return do_sync(fd, SYS_fsync); }
int fdatasync(int fd) { return do_sync(fd, SYS_fdatasync); }

int ftruncate64(int fd, off64_t size) {
    char name[PATH_MAX];
    if (!is_ready || !name_of(fd, name)) return syscall(SYS_ftruncate, fd, size);
    if (fails(TRUNCATE)) return -1;
    int own = lock();
    int done = syscall(SYS_ftruncate, fd, size);
    if (!done) put(own, TRUNCATE, name, inode_of(fd), size, NULL, 0);
    unlock(own);
    return done;
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

int unlink(const char *path) {
    if (!is_ours(path)) return syscall(SYS_unlink, path);
    if (fails(UNLINK)) return -1;
    int own = lock();
    int done = syscall(SYS_unlink, path);
    if (!done) put(own, UNLINK, path, 0, 0, NULL, 0);
    unlock(own);
    return done;
}
static int do_open(const char *path, int flags, mode_t mode) {
    if (!is_ours(path)) return syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    if (fails(OPEN)) return -1;
    int own = lock();
    int fd = syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    if (fd >= 0 && flags & O_CREAT) put(own, OPEN, path, inode_of(fd), 0, NULL, 0);
    unlock(own);
    return fd;
}
int open64(const char *path, int flags, ...) {
    va_list rest; va_start(rest, flags);
    mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    return do_open(path, flags, mode);
}
int open(const char *path, int flags, ...) {
    va_list rest; va_start(rest, flags);
    mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    return do_open(path, flags, mode);
}
static ssize_t do_read(int fd, void *data, size_t size, off64_t at) {
    char name[PATH_MAX];
    if (armed == READ && name_of(fd, name) && fails(READ)) return -1;
    return syscall(SYS_pread64, fd, data, size, at);
}
ssize_t pread64(int fd, void *data, size_t size, off64_t at) { return do_read(fd, data, size, at); }
ssize_t pread(int fd, void *data, size_t size, off_t at) { return do_read(fd, data, size, at); }
