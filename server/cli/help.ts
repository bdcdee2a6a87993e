// What `masklet --help` says.

export const helpText = `masklet: promptable 3D segmentation for ImageJ, Fiji, QuPath and scripts

  masklet serve [--host H] [--port 8000] [--root DIR]...
      Starts the server on 127.0.0.1 and ::1. Clients may open files under the given roots.
      Any other address needs MASKLET_TOKEN.

  masklet models list | pull ID | remove ID
      The networks: which are known and installed, get one (edgetam, sam2.1-tiny, mobile-sam, ...), remove it. masklet-sam2, a small
      SAM 2, comes in the box and needs no download; list says how it scored beside mobile-sam.
  masklet models add FILE_OR_URL [--id NAME] [--image-size 512] [--int8]
      Installs a SAM 2 checkpoint (.pt or .safetensors: official, fine-tuned, MedSAM2, EdgeTAM). A download that stops goes on next time.
  masklet models verify [ID] [--image truck.png]
      Checks files, graphs and a mask; with a public test picture, compares with the numbers published for it.

  masklet propagate --input vol.tif --prompts prompts.json --output labels.tif
      [--model auto] [--axis z|y|x|t] [--direction both|forward|backward] [--range START:END]
      [--overlap highest-score|first|last|nearest] [--window object|plane]
      [--display-range LOW:HIGH] [--invert] [--sigma 1]
      [--rois rois.zip] [--geojson objects.geojson] [--csv measurements.csv]
      Follows every prompted object through the volume. Ranges are 0-based and half-open.

  masklet automask --input vol.tif --output labels.tif (--slice N | --every K [--range START:END] [--merge-iou 0.5])
      [--axis z|y|x|t] [--frame 0] [--channel 0] [--region U0,V0,U1,V1] [--points-per-side 32] [--pred-iou 0.8] [--stability 0.95]
      [--crop-layers 0] [--min-area 8] [--max-area-part 0.4] [--model, view, --overlap and results as above]
      Finds objects that nobody pointed at: on one plane, or on every K-th one, followed from there through the stack.
      The limits are those of networks of 1024 pixels; of masklet-sam2 --pred-iou is 0.6, --stability 0.7 and --crop-layers 1.

  masklet segment --input vol.tif|vol.zarr --output labels.tif|labels.zarr [--recipe fds|my.json] [--set STEP.PARAMETER=VALUE]...
      [--roi Z0:Z1,Y0:Y1,X0:X1] [--frame 0] [--channel 0] [--memory 4G] [--threads N] [--chunk N]
      [--rois, --geojson, --csv as above] [--write-prompts prompts.json] [--step ID [--slice Z]]
      Segments a whole volume by a classical recipe, without a network; it need not fit into memory. Stopped, the same
      command goes on where it was. The label image has the size of the ROI, everything else counts from the volume's corner.
      --write-prompts: a box for each object, for \`masklet propagate\`. --step: what one step leaves, as a TIFF.
  masklet recipes list | show NAME [--write my.json]
      The recipes, their steps and every value that --set can change; --write gives a file to make your own from.

  masklet combine --input vol.tif --prompts prompts.json --output labels.tif
      [--axes z,y,x] [--votes 2] [--range START:END] [--report report.json] [--model, --window, view and results as above]
      Follows every object along several axes and keeps the voxels that enough of them agree on.
  masklet combine --labels labels.tif --union 3,7 --output joined.tif
      Makes objects of a label image one; the first id stays.

  masklet split --labels labels.tif --object 3 --output parted.tif [--seed X,Y,Z]... [--depth 1] [--parts N]
      Parts an object at its necks. Seeds are one in each particle, x and y in pixels, z a slice counted from 0.

  masklet interpolate --labels sparse.tif --output full.tif [--axis z|y|x]
      Fills every label in between the slices that it was drawn on. What was drawn stays; a label on one slice alone stays alone.

  masklet export --labels labels.tif [--rois rois.zip] [--geojson objects.geojson] [--csv measurements.csv]
      A label image as ROIs, GeoJSON and measurements.

  masklet measure --labels labels.tif|labels.zarr --output table.csv [--image vol.tif [--channel 0]] [--spacing Z,Y,X]
      [--clusters clusters.csv] [--frame N] [--confidence measurements.csv] [--report report.html] [--plots DIR]
      Volume, surface, ellipsoid radii, elongation, flatness, orientation, sphericity, solidity, Feret diameters and contacts of
      every object, and --clusters of touching objects as wholes; with --image also its values. --spacing is the voxel size in
      micrometres and goes before what the files say. --confidence takes the column score over, by object_id.
      --report: one page with distributions, Zingg diagram, orientations, slices with outlines and the objects to look at first;
      --plots: the same plots and pictures as SVG and PNG files.

  masklet evaluate --truth truth.tif --prediction labels.tif [--prediction other.tif]... [--name A --name B]
      [--spacing Z,Y,X] [--frame 0] [--prompts prompts.json] [--objects objects.csv] [--output evaluation.json]
      [--report report.html] [--plots DIR] [--image vol.tif [--channel 0]]
      Judges label images (.tif or .zarr, any size) against the true one: overlap, objects found, missed, parted and joined, distances of
      surfaces, errors of shape. --prompts (ids are the truth's) adds the Dice by distance from the prompted slices. --objects: a line an
      object. --report: one page with scores, curves, and the same slices of every prediction with both outlines, over
      --image where given. Every number is defined under \`Evaluation\` in /openapi.json.

  masklet dataset make --image vol.tif|vol.zarr --labels labels.tif|labels.zarr [--image ... --labels ...]... --output set
      [--rois RoiSet.zip | --geojson objects.geojson in the place of --labels, --session ID in that of both] [--frame 0] [--channel 0]
      [--crops 100] [--size ROWS,COLUMNS | Z,Y,X] [--axis z|y|x] [--seed 1] [--splits 0.8,0.1,0.1] [--margin 8]
      [--turns 8|4|1] [--turn-all] [--min-objects 1] [--format stacks|coco|sam2|sa1b] [--licence TEXT] [--name TEXT]
      A training set: random crops that represent the whole scan, splits that keep neighbours together, their rotations and mirrorings
      (of train, or of all), and a data card. Images go with the label images first, then the ROIs, then the GeoJSON files.
  masklet dataset convert --input DIR --output DIR --format stacks|coco|sam2|sa1b [--coco-images png|tiff] [--segmentation rle|counts|polygons]
  masklet dataset import --input DIR --output DIR
      A set in another format; import makes stacks, which \`masklet finetune\` reads, of COCO and SAM 2 sets.
  masklet dataset check DIR
      Leaks between splits, empty and missing masks, duplicates, damaged files: each with what to do. Exit code 3 when there are errors.

  masklet finetune --data set/ --base MODEL_OR_FILE --output tuned.safetensors [--train decoder|memory|all] [--add NAME]
      [--steps 1000 | --epochs N] [--batch 4] [--rate R] [--seed 1] [--device auto|cpu|cuda] [--clip 6] [--patience 10] [--ema 0]
      [--sigma 1] [--corrections 3] [--variants 4] [--check-every 50] [--weights fp16|fp32] [--precision auto|fp32|bf16] [--threads N]
      A SAM 2 network learns from a training set (\`masklet dataset make\`): its mask decoder alone, also its memory (3D sets), or all of it.
      --base masklet-sam2 is in the box and the one to begin with: its 2.6 million parameters learn in minutes on a processor.
      Beside the weights stand a training card and curves; --add installs the result. Stopped or killed, it goes on with
      masklet finetune --resume tuned.run [--steps N].
  masklet finetune --install [--device cpu]
      Makes the Python environment that trains (PyTorch), in MASKLET_HOME; 3.5 to 12 GB of disk.

  masklet doctor
      What is installed, where data is kept, what is missing and how to get it.

Everywhere: --json prints the result, or { "error": ... }, as JSON on stdout; --server URL (propagate, models list,
doctor) asks a running server instead of working in this process; --help, --version.

Environment: MASKLET_HOME (models, sessions, caches; default ~/.masklet), MASKLET_TOKEN, MASKLET_PROVIDER=auto|cpu|cuda
(what runs the networks), MASKLET_PYTHON (what trains them), MASKLET_DEBUG=1 (with an internal error, print where it came from).
Exit codes: 0 done, 1 internal, 2 usage, 3 bad input, 4 model or tool missing, 5 server unreachable, 130 cancelled.
`;
