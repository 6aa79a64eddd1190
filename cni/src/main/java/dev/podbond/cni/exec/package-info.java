/// Running another CNI plugin: finding it, feeding it, and delegating addresses to it.
package dev.podbond.cni.exec;
