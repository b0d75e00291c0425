/* program.c - see program.h. */
#include "jobs/program.h"

#include "enclave/vault/algorithms.h"

void sl_program_begin(void)
{
	sl_algorithms_unconfigured();
}
