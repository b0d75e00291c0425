/* program.c - see program.h. */
#include "enclave/confine/program.h"

#include <stddef.h>

static const char *const program_names[SL_PROGRAM_COUNT] = {
	[SL_PROGRAM_SCRIPT] = "sluice-script",
	[SL_PROGRAM_ENGINE] = "sluice-engine",
	[SL_PROGRAM_CHECK] = "sluice-check",
	[SL_PROGRAM_LOAD] = "sluice-load",
};

const char *sl_program_name(enum sl_program program)
{
	return (unsigned)program < SL_PROGRAM_COUNT ? program_names[program] : NULL;
}
