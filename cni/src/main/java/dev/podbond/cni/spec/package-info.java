/// What the CNI specification defines as data: versions, verbs, errors, configurations and results.
package dev.podbond.cni.spec;
