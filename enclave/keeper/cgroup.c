/* cgroup.c - see cgroup.h. */
#include "enclave/keeper/cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#define GIVEN_NAME "sluice"
#define JOB_PREFIX "job-"
#define KEEPER_NAME "keeper"
#define NAME_TRIES 8
#define PATH_BYTES 1024
#define SELF_BYTES 4096
/* A process that was reaped may be on the books of its group a moment longer. */
#define REMOVE_TRIES 4
/* Of a millisecond; looking through leftovers takes less than one. */
#define HOLD_TRIES 20
#define TRY_BYTES ((uint64_t)64 << 20)

const struct sl_cgroup_host sl_cgroup_this_host = { .root = "/sys/fs/cgroup", .self = "/proc/self/cgroup" };

enum value { MEMORY = 0, PROCESSES, ZERO, ONE };

struct setting {
	const char *file;
	enum value value;
	bool may_lack;       /* kernels without it do not need it */
};

static const struct setting v2_settings[] = {
	{ "memory.max", MEMORY, false },
	{ "memory.swap.max", ZERO, true },   /* a kernel without swap */
	{ "memory.oom.group", ONE, true },   /* Linux 4.19 */
	{ "pids.max", PROCESSES, false },
};

static const struct setting v1_memory_settings[] = {
	{ "memory.limit_in_bytes", MEMORY, false },
	{ "memory.memsw.limit_in_bytes", MEMORY, true },
	{ "memory.swappiness", ZERO, true },
};

static const struct setting v1_pids_settings[] = { { "pids.max", PROCESSES, false } };

struct hierarchy {
	const char *controller;  /* in the list of the process's groups; "" : v2 */
	const char *mounted;     /* below the host's root */
	const char *entry;       /* written by who enters */
	const struct setting *settings;
	size_t nsettings;
};

#define SETTINGS(table) .settings = (table), .nsettings = sizeof(table) / sizeof((table)[0])

static const struct hierarchy v2_hierarchies[] = {
	{ .controller = "", .mounted = "", .entry = "cgroup.procs", SETTINGS(v2_settings) },
};

/*
 * By "tasks": the one thread of a process between clone and exec is all of it, and a thread that moves itself does not
 * wait for every processor of the host, as a whole process does (Linux 5.5; some milliseconds).
 */
static const struct hierarchy v1_hierarchies[] = {
	{ .controller = "memory", .mounted = "/memory", .entry = "tasks", SETTINGS(v1_memory_settings) },
	{ .controller = "pids", .mounted = "/pids", .entry = "tasks", SETTINGS(v1_pids_settings) },
};

static void close_fd(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

static int open_directory(int at, const char *path)
{
	return openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static bool write_text(int fd, const char *text)
{
	return write(fd, text, strlen(text)) == (ssize_t)strlen(text);
}

/* False with errno. */
static bool write_file(int at, const char *name, const char *text)
{
	int fd = openat(at, name, O_WRONLY | O_CLOEXEC), error;
	bool ok = fd >= 0 && write_text(fd, text);

	error = errno;
	close_fd(&fd);
	errno = error;
	return ok;
}

/* A small file of the kernel's, whole; empty when it cannot be read. */
static void read_file(int at, const char *name, char *text, size_t cap)
{
	int fd = openat(at, name, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, text, cap - 1) : 0;

	text[n > 0 ? n : 0] = '\0';
	close_fd(&fd);
}

enum sl_cgroup_version sl_cgroup_version_here(const struct sl_cgroup_host *host)
{
	static const struct {
		const char *sign;
		enum sl_cgroup_version version;
	} signs[] = { { "/cgroup.controllers", SL_CGROUP_V2 }, { "/memory/cgroup.procs", SL_CGROUP_V1 },
		          { "/pids/cgroup.procs", SL_CGROUP_V1 } };
	char path[PATH_BYTES];

	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
		(void)snprintf(path, sizeof path, "%s%s", host->root, signs[i].sign);
		if (access(path, F_OK) == 0)
			return signs[i].version;
	}
	return SL_CGROUP_NONE;
}

static bool lists(const char *list, size_t len, const char *word)
{
	size_t n = strlen(word);

	if (n == 0 || len == 0)
		return n == len;
	for (const char *at = list; at + n <= list + len; at++)
		if (strncmp(at, word, n) == 0 && (at == list || at[-1] == ',') && (at + n == list + len || at[n] == ','))
			return true;
	return false;
}

/* The path of a line "5:memory:/a/b"; "" when there is none, or it leads out of what is mounted here. */
static void own_path(const char *self, const char *controller, char *out, size_t cap)
{
	out[0] = '\0';
	for (const char *line = self, *end; *line != '\0'; line = *end != '\0' ? end + 1 : end) {
		const char *list = strchr(line, ':'), *path = list != NULL ? strchr(list + 1, ':') : NULL;

		end = strchrnul(line, '\n');
		if (path == NULL || path >= end || !lists(list + 1, (size_t)(path - list - 1), controller))
			continue;
		if ((size_t)(end - path) <= cap && strncmp(path + 1, "/..", 3) != 0) {
			memcpy(out, path + 1, (size_t)(end - path - 1));
			out[end - path - 1] = '\0';
		}
		return;
	}
}

/* Cut path behind its last part called "sluice"; false when it has none. */
static bool cut_at_given(char *path)
{
	for (char *end = path + strlen(path); end > path; ) {
		char *slash = memrchr(path, '/', (size_t)(end - path));

		if (slash == NULL)
			return false;
		*end = '\0';
		if (strcmp(slash + 1, GIVEN_NAME) == 0)
			return true;
		end = slash;
	}
	return false;
}

static bool is_delegated(const char *path)
{
	static const char *const marks[] = { "user.delegate", "trusted.delegate" };
	char value[2];

	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
		if (getxattr(path, marks[i], value, sizeof value) == 1 && value[0] == '1')
			return true;
	return false;
}

/* v2 divides no group that holds processes; this one was delegated, so its processes are ours to move. */
static bool step_aside(const char *path, struct sl_err *why)
{
	int given = open_directory(AT_FDCWD, path), keeper = -1;
	bool ok = given >= 0 && (mkdirat(given, KEEPER_NAME, 0755) == 0 || errno == EEXIST) &&
	          (keeper = open_directory(given, KEEPER_NAME)) >= 0 && write_file(keeper, "cgroup.procs", "0");

	if (!ok)
		(void)sl_err_errno(why, SL_E_HOST, errno, "%s/%s: cannot move there", path, KEEPER_NAME);
	close_fd(&keeper);
	close_fd(&given);
	return ok;
}

static void remedy(struct sl_err *why)
{
	sl_err_remedy(why, "give Sluice a control group, see the custodian's book");
}

/* The group that was given in one hierarchy, by the rules of cgroup.h, into path. */
static bool find_given(const struct sl_cgroup_host *host, const char *self, const struct hierarchy *h, char *path,
                       size_t cap, struct sl_err *why)
{
	bool is_v2 = h->controller[0] == '\0';
	size_t root;
	char own[PATH_BYTES / 2], *slash;

	own_path(self, h->controller, own, sizeof own);
	root = (size_t)snprintf(path, cap, "%s%s", host->root, h->mounted);
	(void)snprintf(path + root, cap - root, "%s", own);
	if (is_v2 && strlen(own) > 1 && is_delegated(path))
		return step_aside(path, why);
	slash = strrchr(path + root, '/');
	if (is_v2 && slash != NULL && slash > path + root) {
		*slash = '\0';
		if (is_delegated(path))
			return true;
		*slash = '/';
	}
	if (cut_at_given(path + root))
		return true;
	(void)snprintf(path + root, cap - root, "/%s", GIVEN_NAME);
	if (access(path, F_OK) == 0)
		return true;
	(void)sl_err_set(why, SL_E_HOST, "no control group was given to Sluice below %s%s", host->root, h->mounted);
	return false;
}

/*
 * What a parent that was killed left: nobody holds its lock. Not while somebody makes a group, which is not locked yet
 * for a moment; then it is for a later start to do.
 */
static void remove_leftovers(int given)
{
	_Alignas(struct dirent64) char room[4096];
	ssize_t n;

	if (flock(given, LOCK_EX | LOCK_NB) != 0)
		return;
	while ((n = getdents64(given, room, sizeof room)) > 0)
		for (ssize_t at = 0; at < n; ) {
			const struct dirent64 *entry = (const void *)(room + at);
			int fd;

			at += entry->d_reclen;
			if (strncmp(entry->d_name, JOB_PREFIX, strlen(JOB_PREFIX)) != 0)
				continue;
			fd = open_directory(given, entry->d_name);
			if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
				(void)unlinkat(given, entry->d_name, AT_REMOVEDIR);
			close_fd(&fd);
		}
	(void)flock(given, LOCK_UN);
}

/* Make and lock the group's directory while nobody looks for leftovers; -1 with errno, and nothing is made. */
static int make_directory(int given, const char *name)
{
	int own = -1, error = 0;

	for (int tries = 0; tries < HOLD_TRIES && flock(given, LOCK_SH | LOCK_NB) != 0; tries++)
		(void)poll(NULL, 0, 1);
	if (mkdirat(given, name, 0755) != 0) {
		error = errno;
	} else if ((own = open_directory(given, name)) < 0 || flock(own, LOCK_EX | LOCK_NB) != 0) {
		error = errno;
		close_fd(&own);
		(void)unlinkat(given, name, AT_REMOVEDIR);
	}
	(void)flock(given, LOCK_UN);
	errno = error;
	return own;
}

static bool apply(int own, const struct setting *s, const struct sl_cgroup_limits *limits)
{
	char text[24];

	(void)snprintf(text, sizeof text, "%" PRIu64,
	               s->value == MEMORY ? limits->memory_bytes : s->value == PROCESSES ? limits->processes :
	               s->value == ONE ? UINT64_C(1) : UINT64_C(0));
	return write_file(own, s->file, text) || (errno == ENOENT && s->may_lack);
}

/* v2 gives a group's children the controllers that its cgroup.subtree_control names. */
static bool hand_down_controllers(int given, const char *path, struct sl_err *why)
{
	if (write_file(given, "cgroup.subtree_control", "+memory +pids"))
		return true;
	(void)sl_err_errno(why, SL_E_HOST, errno, "%s: cannot hand down the controllers memory and pids%s", path,
	                   errno == EBUSY ? " while processes are in it" : "");
	return false;
}

static bool make_part(struct sl_cgroup *g, unsigned i, const struct hierarchy *h, const char *path,
                      const struct sl_cgroup_limits *limits, struct sl_err *why)
{
	g->given[i] = open_directory(AT_FDCWD, path);
	if (g->given[i] < 0 || (g->own[i] = make_directory(g->given[i], g->name)) < 0) {
		(void)sl_err_errno(why, SL_E_HOST, errno, "%s: cannot make a group there", path);
		sl_err_remedy(why, "give it to this account: chown, see the custodian's book");
		return false;
	}
	if (h->controller[0] == '\0' && faccessat(g->own[i], h->settings[0].file, F_OK, 0) != 0 &&
	    !hand_down_controllers(g->given[i], path, why))
		return false;
	for (size_t s = 0; s < h->nsettings; s++)
		if (!apply(g->own[i], &h->settings[s], limits)) {
			(void)sl_err_errno(why, SL_E_HOST, errno, "%s: cannot set %s in it", path, h->settings[s].file);
			return false;
		}
	g->entry[i] = openat(g->own[i], h->entry, O_WRONLY | O_CLOEXEC);
	if (g->entry[i] < 0)
		(void)sl_err_errno(why, SL_E_HOST, errno, "%s: %s", path, h->entry);
	return g->entry[i] >= 0;
}

static void no_group(struct sl_cgroup *g)
{
	*g = (struct sl_cgroup){ .given = { -1, -1 }, .own = { -1, -1 }, .entry = { -1, -1 } };
}

/* A name that nobody has in any part: the number of this process may be another's in another namespace. */
static void choose_name(struct sl_cgroup *g, char paths[][PATH_BYTES])
{
	static atomic_uint count;

	for (int tries = 0; tries < NAME_TRIES; tries++) {
		char path[PATH_BYTES + sizeof g->name];
		bool taken = false;

		(void)snprintf(g->name, sizeof g->name, JOB_PREFIX "%d-%u", (int)getpid(), atomic_fetch_add(&count, 1));
		for (unsigned i = 0; i < g->nparts; i++) {
			(void)snprintf(path, sizeof path, "%s/%s", paths[i], g->name);
			taken = taken || access(path, F_OK) == 0;
		}
		if (!taken)
			return;
	}
}

bool sl_cgroup_make(const struct sl_cgroup_host *host, const struct sl_cgroup_limits *limits, struct sl_cgroup *g,
                    struct sl_err *why)
{
	const struct hierarchy *hierarchies;
	char self[SELF_BYTES], paths[SL_CGROUP_PARTS_MAX][PATH_BYTES];
	bool ok = true;

	no_group(g);
	g->version = sl_cgroup_version_here(host);
	if (g->version == SL_CGROUP_NONE) {
		(void)sl_err_set(why, SL_E_HOST, "no control groups are mounted at %s", host->root);
		remedy(why);
		return false;
	}
	hierarchies = g->version == SL_CGROUP_V2 ? v2_hierarchies : v1_hierarchies;
	g->nparts = g->version == SL_CGROUP_V2 ? 1 : 2;
	read_file(AT_FDCWD, host->self, self, sizeof self);
	for (unsigned i = 0; i < g->nparts && ok; i++)
		ok = find_given(host, self, &hierarchies[i], paths[i], sizeof paths[i], why);
	if (ok)
		choose_name(g, paths);
	for (unsigned i = 0; i < g->nparts && ok; i++)
		ok = make_part(g, i, &hierarchies[i], paths[i], limits, why);
	for (unsigned i = 0; i < g->nparts && ok; i++)
		remove_leftovers(g->given[i]);
	if (!ok) {
		remedy(why);
		sl_cgroup_remove(g);
	}
	return ok;
}

bool sl_cgroup_enter(const struct sl_cgroup *g)
{
	for (unsigned i = 0; i < g->nparts; i++)
		if (write(g->entry[i], "0", 1) != 1)
			return false;
	return g->nparts > 0;
}

bool sl_cgroup_try(const struct sl_cgroup_host *host, struct sl_err *why)
{
	static const struct sl_cgroup_limits one = { .memory_bytes = TRY_BYTES, .processes = 1 };
	struct sl_cgroup g;
	int status = -1;
	pid_t pid;

	if (!sl_cgroup_make(host, &one, &g, why))
		return false;
	pid = fork();
	if (pid == 0)
		_exit(sl_cgroup_enter(&g) ? 0 : errno);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	sl_cgroup_remove(&g);
	if (pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	(void)sl_err_errno(why, SL_E_HOST, pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : EAGAIN,
	                   "no process can be put into the control group that was given");
	sl_err_remedy(why, "on v2 an ordinary user starts sluice inside of it, see the custodian's book");
	return false;
}

bool sl_cgroup_ran_out(const struct sl_cgroup *g)
{
	char text[1024];
	const char *at;

	if (g->nparts == 0)
		return false;
	read_file(g->own[0], g->version == SL_CGROUP_V2 ? "memory.events" : "memory.oom_control", text, sizeof text);
	at = strstr(text, "oom_kill ");
	return at != NULL && at[strlen("oom_kill ")] > '0';
}

static void remove_part(struct sl_cgroup *g, unsigned i)
{
	for (int tries = 0; tries < REMOVE_TRIES; tries++) {
		if (unlinkat(g->given[i], g->name, AT_REMOVEDIR) == 0 || errno != EBUSY)
			return;
		(void)write_file(g->own[i], "cgroup.kill", "1");
		(void)poll(NULL, 0, 1);
	}
}

void sl_cgroup_remove(struct sl_cgroup *g)
{
	for (unsigned i = 0; i < g->nparts; i++) {
		if (g->own[i] >= 0)
			remove_part(g, i);
		close_fd(&g->entry[i]);
		close_fd(&g->own[i]);
		close_fd(&g->given[i]);
	}
	no_group(g);
}
