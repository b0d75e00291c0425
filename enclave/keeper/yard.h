/*
 * yard.h - the empty network that everything this process starts is born in. Used by launch.c only.
 *
 * Making a network namespace is a fifth to a third of what starting a confined program costs, and it is empty whoever
 * makes it. So it is made once for a command (as an ordinary user within the user namespace that owns it) and each
 * program is cloned inside of it; its other namespaces are its own. A process forked since then makes its own.
 */
#ifndef SL_KEEPER_YARD_H
#define SL_KEEPER_YARD_H

#include <stdbool.h>

#include "enclave/keeper/nest.h"

/* sl_yard_has - is there one, or can it be made now? If not, nothing failed: this host gives none. */
bool sl_yard_has(const struct sl_nest *nest);

/* sl_yard_enter - the calling process moves in. It must be no thread of another. */
bool sl_yard_enter(void);

#endif
