// All objects together: how many, how large, of what shape, lying how.
import type { ObjectMeasures, Population, Schema } from "#protocol/types.ts";
import { fabricOf } from "./fabric.ts";

type Statistics = Schema<"ShapeStatistics">;

/** @param voxels of all frames together; @param voxelVolume in the unit of the measures */
export function populationOf(objects: readonly ObjectMeasures[], clusters: readonly ObjectMeasures[], { voxels, voxelVolume }: { readonly voxels: number; readonly voxelVolume: number }): Population {
  const shaped = objects.filter(({ border }) => !border);
  const taken = objects.reduce((sum, object) => sum + object.voxels, 0);
  const zingg = { disc: 0, sphere: 0, rod: 0, blade: 0 };
  for (const object of shaped) zingg[object.zingg.class]++;
  const settled = (axis: "major" | "minor"): ObjectMeasures[] => shaped.filter(({ axesUncertain }) => axesUncertain !== axis && axesUncertain !== "both");
  return {
    objects: objects.length, borderObjects: objects.length - shaped.length, shapedObjects: shaped.length,
    clusters: clusters.length, clusteredObjects: clusters.reduce((sum, cluster) => sum + cluster.objects, 0),
    voxels: taken, volume: taken * voxelVolume, volumeFraction: taken / voxels,
    meanContacts: shaped.length === 0 ? null : shaped.reduce((sum, { contacts }) => sum + contacts.length, 0) / shaped.length,
    equivalentDiameter: shaped.length === 0 ? null : sizesOf(shaped),
    zingg,
    statistics: shaped.length === 0 ? null : statisticsOf(shaped),
    normals: fabricOf(settled("minor").map(({ axes }) => axes[2])),
    majors: fabricOf(settled("major").map(({ axes }) => axes[0])),
  };
}

function sizesOf(objects: readonly ObjectMeasures[]): Schema<"SizeDistribution"> {
  const sorted = [...objects].sort((a, b) => a.equivalentDiameter - b.equivalentDiameter);
  const quantiles = (weight: (object: ObjectMeasures) => number): Schema<"Quantiles"> => {
    const total = sorted.reduce((sum, object) => sum + weight(object), 0);
    const at = (part: number): number => {
      let below = 0;
      // Sums of fractions may end a hair below their share.
      return (sorted.find((object) => (below += weight(object)) >= part * total * (1 - 1e-12)) ?? sorted[sorted.length - 1]!).equivalentDiameter;
    };
    return { d10: at(0.1), d50: at(0.5), d90: at(0.9) };
  };
  return { byNumber: quantiles(() => 1), byVolume: quantiles(({ voxels }) => voxels) };
}

function statisticsOf(objects: readonly ObjectMeasures[]): Statistics {
  const over = (name: keyof Statistics): Schema<"MeanSd"> => {
    const mean = objects.reduce((sum, object) => sum + object[name], 0) / objects.length;
    const squares = objects.reduce((sum, object) => sum + (object[name] - mean) ** 2, 0);
    return { mean, sd: objects.length < 2 ? null : Math.sqrt(squares / (objects.length - 1)) };
  };
  return {
    volume: over("volume"), equivalentDiameter: over("equivalentDiameter"), surface: over("surface"), elongation: over("elongation"),
    flatness: over("flatness"), sphericity: over("sphericity"), solidity: over("solidity"), feret: over("feret"),
  };
}
