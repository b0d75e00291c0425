/* confine.c - see confine.h: the order of the steps. One that fails leaves its layer off and is judged at the end. */
#include "enclave/confine/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "enclave/base/num.h"
#include "enclave/confine/arena.h"
#include "enclave/confine/crew.h"
#include "enclave/confine/landlock.h"
#include "enclave/confine/privileges.h"
#include "enclave/confine/syscalls.h"

#define PHASE_BEGUN 1
#define PHASE_LOCKED 2
/* Descriptors looked at; the keeper closes far beyond, this is the second look. */
#define DESCRIPTORS_LOOKED_AT 1024
#define DESCRIPTORS_AT_ONCE 256 /* in one poll */

/* Defined when sl_arena is linked; sanitizer builds keep the sanitizer's malloc. */
#pragma weak sl_arena_init

static void note(struct sl_confine *c, enum sl_layer layer, bool on)
{
	if (on)
		c->layers |= SL_LAYER_BIT(layer);
}

static bool parse_number(const char *text, int64_t hi, int64_t *out)
{
	return sl_parse_int(text, strlen(text), out) && *out >= 0 && *out <= hi;
}

static enum sl_rc read_arguments(struct sl_confine *c, int argc, char **argv, struct sl_err *err)
{
	int64_t ndata = 0, bytes = 0;

	if (argc < 3 || argc > 4 || !parse_number(argv[1], SL_PROGRAM_DATA_FDS_MAX, &ndata) ||
	    !parse_number(argv[2], (int64_t)SL_ARENA_BYTES_MAX, &bytes) || (argc == 4 && strcmp(argv[3], "probe") != 0))
		return sl_err_set(err, SL_E_INPUT, "this program is started by sluice, not by hand");
	c->ndata = (uint32_t)ndata;
	c->memory_bytes = (uint64_t)bytes;
	c->probe = argc == 4;
	return SL_OK;
}

static bool start_arena(const struct sl_confine *c)
{
	return sl_arena_init != NULL && sl_arena_init(c->memory_bytes);
}

/* The one clock zone and locale there is; set before anything may read a file or the environment for it. */
static bool clean_environment(void)
{
	bool empty = environ == NULL || environ[0] == NULL;

	(void)clearenv();
	(void)setenv("TZ", "UTC0", 1);
	tzset();
	(void)setlocale(LC_ALL, "C");
	(void)umask(077);
	return empty;
}

static int compare_bytes(const void *a, const void *b)
{
	return *(const uint8_t *)a - *(const uint8_t *)b;
}

/*
 * glibc's qsort asks sysconf how much memory there is, the first time it is given more than a kilobyte: of few
 * elements, since a start waits for it, none above 32 bytes, since larger ones are sorted by pointers.
 */
static void prime_library(void)
{
	static struct {
		uint8_t bytes[32];
	} few[40];

	qsort(few, sizeof few / sizeof few[0], sizeof few[0], compare_bytes);
}

static bool is_null_device(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3);
}

static bool is_one_way(int fd, int mode)
{
	int flags = fcntl(fd, F_GETFL);
	struct stat st;

	return flags >= 0 && (flags & O_ACCMODE) == mode && fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode);
}

/* poll takes no more than the account may have open; 0: unknown. */
static int descriptors_at_once(void)
{
	struct rlimit open_max;

	if (getrlimit(RLIMIT_NOFILE, &open_max) != 0)
		return 0;
	return open_max.rlim_cur < DESCRIPTORS_AT_ONCE ? (int)open_max.rlim_cur : DESCRIPTORS_AT_ONCE;
}

/* Of [first, first + n): those from first_free on are closed, those below are open. */
static bool open_below(int first, int n, int first_free)
{
	struct pollfd fds[DESCRIPTORS_AT_ONCE];
	bool as_due = n > 0 && n <= DESCRIPTORS_AT_ONCE;

	for (int i = 0; as_due && i < n; i++)
		fds[i] = (struct pollfd){ .fd = first + i };
	as_due = as_due && poll(fds, (nfds_t)n, 0) >= 0;
	for (int i = 0; as_due && i < n; i++)
		as_due = ((fds[i].revents & POLLNVAL) == 0) == (first + i < first_free);
	return as_due;
}

static bool exact_descriptors(const struct sl_confine *c)
{
	int first_free = SL_CONFINE_FD_DATA + (int)c->ndata;

	for (int fd = 0; fd < SL_CONFINE_FD_IN; fd++) {
#ifdef SL_SANITIZE
		if (fd == STDERR_FILENO)
			continue; /* kept for the sanitizer's report */
#endif
		if (!is_null_device(fd))
			return false;
	}
	if (!is_one_way(SL_CONFINE_FD_IN, O_RDONLY) || !is_one_way(SL_CONFINE_FD_OUT, O_WRONLY))
		return false;
	int step = descriptors_at_once();
	for (int fd = 0; fd < DESCRIPTORS_LOOKED_AT; fd += step)
		if (!open_below(fd, step, first_free))
			return false;
	return close_range((unsigned)first_free, ~0u, 0) == 0;
}

static struct sl_syscall_data data_directions(const struct sl_confine *c)
{
	struct sl_syscall_data data = { .ndata = c->ndata };

	for (uint32_t i = 0; i < c->ndata; i++) {
		int flags = fcntl(SL_CONFINE_FD_DATA + (int)i, F_GETFL);

		if (flags < 0)
			continue;
		if ((flags & O_ACCMODE) != O_WRONLY)
			data.readable |= UINT64_C(1) << i;
		if ((flags & O_ACCMODE) != O_RDONLY)
			data.writable |= UINT64_C(1) << i;
	}
	return data;
}

/* What must be on by now; err names the first that is not. */
static enum sl_rc judge(const struct sl_confine *c, uint32_t due, struct sl_err *err)
{
	uint32_t off = due & sl_layers_required() & ~c->layers;

	for (size_t i = 0; i < SL_LAYER_COUNT; i++)
		if (off & SL_LAYER_BIT(i))
			return sl_err_set(err, SL_E_HOST, "layer %s: %s", sl_layers_table[i].name, sl_layers_table[i].missing);
	return SL_OK;
}

enum sl_rc sl_confine_begin(struct sl_confine *c, enum sl_program program, int argc, char **argv, struct sl_err *err)
{
	enum sl_rc rc;

	if (c->phase != 0 || sl_program_name(program) == NULL)
		return sl_err_set(err, SL_E_BUG, "confinement begins once, for a program that exists");
	c->program = program;
	rc = read_arguments(c, argc, argv, err);
	if (rc != SL_OK)
		return rc;
	note(c, SL_LAYER_ARENA, start_arena(c));
	note(c, SL_LAYER_ENVIRONMENT, clean_environment());
	note(c, SL_LAYER_DESCRIPTORS, exact_descriptors(c));
	note(c, SL_LAYER_NO_NEW_PRIVS, sl_privileges_no_new());
	note(c, SL_LAYER_CAPABILITIES, sl_privileges_drop_capabilities());
	note(c, SL_LAYER_ORDINARY_USER, sl_privileges_ordinary_user());
	note(c, SL_LAYER_LANDLOCK, sl_landlock_deny_all());
	note(c, SL_LAYER_NOT_DUMPABLE, sl_privileges_not_dumpable());
	/* Last: a change of credentials clears it. */
	note(c, SL_LAYER_PARENT_DEATH, sl_privileges_die_with_parent(SL_CONFINE_FD_OUT));
	c->phase = PHASE_BEGUN;
	return judge(c,
	             SL_LAYER_BIT(SL_LAYER_ARENA) | SL_LAYER_BIT(SL_LAYER_ENVIRONMENT) |
	             SL_LAYER_BIT(SL_LAYER_DESCRIPTORS) | SL_LAYER_BIT(SL_LAYER_NO_NEW_PRIVS) |
	             SL_LAYER_BIT(SL_LAYER_CAPABILITIES) | SL_LAYER_BIT(SL_LAYER_NOT_DUMPABLE) |
	             SL_LAYER_BIT(SL_LAYER_PARENT_DEATH),
	             err);
}

enum sl_rc sl_confine_lock(struct sl_confine *c, struct sl_err *err)
{
	struct sl_syscall_data data;
	enum sl_rc rc = SL_OK;

	if (c->phase != PHASE_BEGUN)
		return sl_err_set(err, SL_E_BUG, "confinement locks once, after it began");
	data = data_directions(c);
	prime_library();
	/* After everything that a thread inherits, before the limit on processes; the filter is put on all of them. */
	rc = c->threads > 1 ? sl_crew_start(c->threads, err) : SL_OK;
	if (rc != SL_OK)
		return rc;
	note(c, SL_LAYER_MDWE, sl_privileges_mdwe());
	if (sl_layers_for(c->program) & SL_LAYER_BIT(SL_LAYER_NO_CLOCK))
		note(c, SL_LAYER_NO_CLOCK, sl_privileges_no_clock());
	note(c, SL_LAYER_RLIMITS, sl_privileges_rlimits(c->program == SL_PROGRAM_LOAD));
	rc = judge(c, SL_LAYER_BIT(SL_LAYER_RLIMITS), err);
#ifndef SL_SANITIZE
	if (rc == SL_OK)
		rc = sl_syscalls_install(c->program, &data, err);
	note(c, SL_LAYER_SECCOMP, rc == SL_OK);
	/* The filter has no call that makes or uses a socket. */
	note(c, SL_LAYER_NO_NETWORK, rc == SL_OK);
#else
	(void)data;
#endif
	c->phase = PHASE_LOCKED;
	return rc;
}
