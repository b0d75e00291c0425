/* find.c - where the confined programs lie; see keeper.h. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "enclave/keeper/keeper.h"

enum sl_rc sl_keeper_find(enum sl_program program, char *out, size_t cap, struct sl_err *err)
{
	static const char *const places[] = { "", "/../libexec/sluice" };
	const char *name = sl_program_name(program);
	char here[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", here, sizeof here - 1);
	char *slash;

	if (name == NULL)
		return sl_err_set(err, SL_E_BUG, "no such confined program");
	if (n <= 0)
		return sl_err_errno(err, SL_E_HOST, errno, "/proc/self/exe");
	here[n] = '\0';
	slash = strrchr(here, '/');
	if (slash != NULL)
		*slash = '\0';
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		int len = snprintf(out, cap, "%s%s/%s", here, places[i], name);

		if (len > 0 && (size_t)len < cap && access(out, R_OK) == 0)
			return SL_OK;
	}
	(void)sl_err_set(err, SL_E_HOST, "%s is neither in %s nor in %s/../libexec/sluice", name, here, here);
	sl_err_remedy(err, "install sluice whole, or run it from its build directory");
	return SL_E_HOST;
}
