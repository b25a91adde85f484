#ifndef MISH_MIGRATE_MODULE_H
#define MISH_MIGRATE_MODULE_H

#include "build_id.h"
#include "migrate/programs.h"

/*
 * What each module exports begins with this. A module reads the shell's own structs: one that was
 * built from other sources, put there by an upgrade, must not be used.
 */
struct module {
	const char *build; /* MODULE_BUILD */
};

#ifdef MISH_NEXT /* the tests' next version, which is built from the same sources */
#define MODULE_BUILD MISH_BUILD_ID "-next"
#else
#define MODULE_BUILD MISH_BUILD_ID
#endif

/* Loads a module, and finds what it exports. NULL with *why (caller frees): it cannot be used. */
const struct module *module_load(const struct programs *p, enum program which, const char *symbol, char **why);

#endif
