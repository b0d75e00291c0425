/*
 * commands.c - the rows of commands, in the order of their list.
 */
#include "ui-cli/commands.h"

#define SL_ROW(name) &sl_row_##name,
const struct sl_command *const sl_commands[] = {SL_COMMANDS(SL_ROW)};
#undef SL_ROW
const size_t sl_commands_count = sizeof sl_commands / sizeof *sl_commands;
