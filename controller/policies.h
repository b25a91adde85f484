#ifndef MISH_CONTROLLER_POLICIES_H
#define MISH_CONTROLLER_POLICIES_H

#include "controller/policy.h"

/* The table of all policies: named in the configuration. */

/* NULL: there is none of that name. */
const struct policy *policies_find(const char *name);
/* The i-th; NULL past the end. */
const struct policy *policies_at(size_t i);

#endif
