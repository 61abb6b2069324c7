/// Hot reload: functions whose code is a folder that its author works on.
@org.jspecify.annotations.NullMarked
package dev.freehold.sandbox.live;
