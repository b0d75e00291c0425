/*
 * landlock.h - deny every file and network right this kernel's Landlock knows, and both scopes. Used by confine.c.
 */
#ifndef SL_CONFINE_LANDLOCK_H
#define SL_CONFINE_LANDLOCK_H

#include <stdbool.h>

/* sl_landlock_deny_all - needs no_new_privs; true when the ruleset is in force. */
bool sl_landlock_deny_all(void);

#endif
