/* kernel_groups.c - see kernel_groups.h. */
#include "tests/unit/keeper/kernel_groups.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

int __real_openat(int at, const char *path, int flags, ...);
int __real_mkdirat(int at, const char *path, mode_t mode);
ssize_t __real_write(int fd, const void *data, size_t len);
int __real_flock(int fd, int how);
int __real_unlinkat(int at, const char *path, int flags);
ssize_t __real_getdents64(int fd, void *room, size_t len);
ssize_t __real_getxattr(const char *path, const char *name, void *value, size_t len);
int __wrap_openat(int at, const char *path, int flags, ...);
int __wrap_mkdirat(int at, const char *path, mode_t mode);
ssize_t __wrap_write(int fd, const void *data, size_t len);
int __wrap_flock(int fd, int how);
int __wrap_unlinkat(int at, const char *path, int flags);
ssize_t __wrap_getdents64(int fd, void *room, size_t len);
ssize_t __wrap_getxattr(const char *path, const char *name, void *value, size_t len);

struct kernel_groups kernel_groups = { .refuse_at = -1 };

static char root[64], self_path[96];

static const char *const plain_files[] = { "cgroup.procs", "tasks", "cgroup.subtree_control", "cgroup.kill" };
static const char *const controller_files[] = {
	"memory.max", "memory.swap.max", "memory.oom.group", "memory.events", "pids.max",
	"memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.swappiness", "memory.oom_control",
};

static bool is_refused(void)
{
	if (kernel_groups.refuse_at < 0 || kernel_groups.refuse_at-- > 0)
		return false;
	errno = kernel_groups.refuse_with;
	return true;
}

static void add_files(const char *dir, const char *const *names, size_t n)
{
	char path[PATH_MAX];

	for (size_t i = 0; i < n; i++) {
		FILE *f;

		if (kernel_groups.lacks != NULL && strcmp(kernel_groups.lacks, names[i]) == 0)
			continue;
		(void)snprintf(path, sizeof path, "%s/%s", dir, names[i]);
		f = fopen(path, "w");
		if (f != NULL)
			(void)fclose(f);
	}
}

static void add_controllers(const char *dir)
{
	add_files(dir, controller_files, sizeof controller_files / sizeof controller_files[0]);
}

static void path_of(int fd, char path[static PATH_MAX])
{
	char link[40];
	ssize_t n;

	(void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	n = readlink(link, path, PATH_MAX - 1);
	path[n > 0 ? n : 0] = '\0';
}

/* What is in a directory: files go, when asked to; the groups of jobs are counted. */
static int walk(const char *dir, bool remove_files, char name[64])
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	char path[PATH_MAX];
	int n = 0;

	while (d != NULL && (entry = readdir(d)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof path, "%s/%s", dir, entry->d_name);
		if (entry->d_type == DT_DIR) {
			if (strncmp(entry->d_name, "job-", 4) != 0)
				continue;
			n++;
			if (name != NULL)
				(void)snprintf(name, 64, "%.63s", entry->d_name);
		} else if (remove_files) {
			(void)unlink(path);
		}
	}
	if (d != NULL)
		(void)closedir(d);
	return n;
}

int __wrap_openat(int at, const char *path, int flags, ...)
{
	return is_refused() ? -1 : __real_openat(at, path, flags);
}

int __wrap_mkdirat(int at, const char *path, mode_t mode)
{
	char dir[PATH_MAX];

	if (is_refused() || __real_mkdirat(at, path, mode) != 0)
		return -1;
	path_of(at, dir);
	(void)strncat(strncat(dir, "/", 2), path, 64);
	add_files(dir, plain_files, sizeof plain_files / sizeof plain_files[0]);
	if (kernel_groups.hands_down)
		add_controllers(dir);
	return 0;
}

/* Controllers that a group hands down appear in the groups that are in it already. */
ssize_t __wrap_write(int fd, const void *data, size_t len)
{
	char path[PATH_MAX], name[64], *slash;

	if (is_refused())
		return -1;
	path_of(fd, path);
	slash = strrchr(path, '/');
	if (slash != NULL && strcmp(slash, "/cgroup.subtree_control") == 0) {
		*slash = '\0';
		kernel_groups.hands_down = true;
		if (walk(path, false, name) > 0)
			add_controllers(strncat(strncat(path, "/", 2), name, 64));
	}
	return __real_write(fd, data, len);
}

int __wrap_flock(int fd, int how)
{
	return is_refused() ? -1 : __real_flock(fd, how);
}

int __wrap_unlinkat(int at, const char *path, int flags)
{
	char dir[PATH_MAX];

	if (kernel_groups.busy > 0) {
		kernel_groups.busy--;
		errno = EBUSY;
		return -1;
	}
	path_of(at, dir);
	(void)walk(strncat(strncat(dir, "/", 2), path, 64), true, NULL);
	return __real_unlinkat(at, path, flags);
}

ssize_t __wrap_getdents64(int fd, void *room, size_t len)
{
	return is_refused() ? -1 : __real_getdents64(fd, room, len);
}

/* Without a stand-in it is the host's own. */
ssize_t __wrap_getxattr(const char *path, const char *name, void *value, size_t len)
{
	if (kernel_groups.host.root == NULL)
		return __real_getxattr(path, name, value, len);
	if (kernel_groups.marked != NULL && len > 0 && strcmp(name, "user.delegate") == 0 &&
	    strcmp(path + strlen(root), kernel_groups.marked) == 0) {
		*(char *)value = '1';
		return 1;
	}
	errno = ENODATA;
	return -1;
}

void kernel_groups_open(enum sl_cgroup_version version, const char *self)
{
	FILE *f;

	(void)snprintf(root, sizeof root, "kernel-groups-XXXXXX");
	if (mkdtemp(root) == NULL)
		abort();
	(void)snprintf(self_path, sizeof self_path, "%s/self", root);
	f = fopen(self_path, "w");
	if (f == NULL || fputs(self, f) < 0 || fclose(f) != 0)
		abort();
	kernel_groups = (struct kernel_groups){ .host = { root, self_path }, .refuse_at = -1, .hands_down = true };
	if (version == SL_CGROUP_V2)
		add_files(root, (const char *const[]){ "cgroup.controllers" }, 1);
	if (version == SL_CGROUP_V1) {
		kernel_groups_add("/memory");
		kernel_groups_add("/pids");
	}
}

void kernel_groups_close(void)
{
	char command[128];

	(void)snprintf(command, sizeof command, "rm -rf '%s'", root);
	if (system(command) != 0)
		abort();
	kernel_groups = (struct kernel_groups){ .refuse_at = -1 };
}

void kernel_groups_add(const char *path)
{
	char dir[PATH_MAX];

	for (const char *at = path; at != NULL && *at != '\0'; ) {
		at = strchr(at + 1, '/');
		(void)snprintf(dir, sizeof dir, "%s%.*s", root, (int)(at != NULL ? (size_t)(at - path) : strlen(path)), path);
		if (mkdir(dir, 0755) == 0)
			add_files(dir, plain_files, sizeof plain_files / sizeof plain_files[0]);
	}
}

const char *kernel_groups_read(const char *path)
{
	static char text[256];
	char whole[PATH_MAX];
	FILE *f;
	size_t n;

	(void)snprintf(whole, sizeof whole, "%s%s", root, path);
	f = fopen(whole, "r");
	if (f == NULL)
		return NULL;
	n = fread(text, 1, sizeof text - 1, f);
	text[n] = '\0';
	(void)fclose(f);
	return text;
}

int kernel_groups_count(const char *path, char name[64])
{
	char dir[PATH_MAX];

	(void)snprintf(dir, sizeof dir, "%s%s", root, path);
	return walk(dir, false, name);
}
