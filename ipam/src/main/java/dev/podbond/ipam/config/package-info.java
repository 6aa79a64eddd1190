/// What both plugins read: members of a configuration, and the variables of a call.
package dev.podbond.ipam.config;
