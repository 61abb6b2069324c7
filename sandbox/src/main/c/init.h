#ifndef FREEHOLD_INIT_H
#define FREEHOLD_INIT_H

// Forbids this process, and all that it starts, the system calls that no function needs and that
// reach into the kernel or other processes. Returns -1 with errno when it can't.
int filter_system_calls(void);

#endif
