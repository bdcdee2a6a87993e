// Generated from protocol/openapi.yaml by scripts/generate-types.ts. Do not edit.
export interface paths {
    "/v1/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Is the server there, and what is it */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The models this server knows, installed or not */
        get: operations["listModels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recipes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The classical pipelines this server knows, with every step's parameters */
        get: operations["listRecipes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/volumes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Upload a TIFF, name a path under an allowed root, or declare a volume whose planes will be put */
        post: operations["createVolume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/volumes/{volumeId}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                volumeId: components["parameters"]["volumeId"];
            };
            cookie?: never;
        };
        get: operations["getVolume"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/volumes/{volumeId}/planes/{t}/{c}/{z}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                volumeId: components["parameters"]["volumeId"];
                t: number;
                c: number;
                z: number;
            };
            cookie?: never;
        };
        get?: never;
        /** One plane of a declared volume, raw little-endian, rows from the top */
        put: operations["putPlane"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listSessions"];
        put?: never;
        post: operations["createSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{sessionId}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionId: components["parameters"]["sessionId"];
            };
            cookie?: never;
        };
        get: operations["getSession"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{sessionId}/prompts": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionId: components["parameters"]["sessionId"];
            };
            cookie?: never;
        };
        get: operations["getPrompts"];
        /** Replaces the prompts of every object named in the body, as one edit that one undo takes back; no mask is computed yet */
        put: operations["putPrompts"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{sessionId}/labels.tif": {
        parameters: {
            query?: {
                overlap?: components["parameters"]["overlap"];
            };
            header?: never;
            path: {
                sessionId: components["parameters"]["sessionId"];
            };
            cookie?: never;
        };
        /** The label image; the voxel value is the object id */
        get: operations["getLabels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{sessionId}/rois.zip": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionId: components["parameters"]["sessionId"];
            };
            cookie?: never;
        };
        get: operations["getRois"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{sessionId}/objects.geojson": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionId: components["parameters"]["sessionId"];
            };
            cookie?: never;
        };
        get: operations["getGeojson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{sessionId}/measurements.csv": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionId: components["parameters"]["sessionId"];
            };
            cookie?: never;
        };
        get: operations["getMeasurements"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Starts an operation; names and params are those of the live messages */
        post: operations["createJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{jobId}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                jobId: components["parameters"]["jobId"];
            };
            cookie?: never;
        };
        get: operations["getJob"];
        put?: never;
        post?: never;
        /** Cancels; what arrived is kept. The job then says `cancelled` */
        delete: operations["cancelJob"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{jobId}/events": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                jobId: components["parameters"]["jobId"];
            };
            cookie?: never;
        };
        /** Server-sent events `progress` (Progress), `mask` (Mask, bits in base64) and last `end` (Job) */
        get: operations["jobEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Id: string;
        Index: number;
        ObjectId: number;
        /**
         * @description The normal of a plane
         * @enum {string}
         */
        Axis: "z" | "y" | "x";
        /**
         * @description The axis a propagation follows
         * @enum {string}
         */
        Along: "z" | "y" | "x" | "t";
        /** @enum {string} */
        Direction: "forward" | "backward" | "both";
        /** @enum {string} */
        Dtype: "uint8" | "uint16" | "float32";
        /** @enum {string} */
        Overlap: "highest-score" | "first" | "last" | "nearest";
        /** @description A model's id, or `auto` */
        ModelId: string;
        /** @description [x, y, label]: label 1 = in the object, 0 = not */
        Point: [
            number,
            number,
            0 | 1
        ];
        /** @description [u0, v0, u1, v1], pixel corners, u1 > u0 and v1 > v0 */
        Box: [
            number,
            number,
            number,
            number
        ];
        Range: {
            start: components["schemas"]["Index"];
            end: components["schemas"]["Index"];
        };
        Shape: {
            t: number;
            c: number;
            z: number;
            y: number;
            x: number;
        };
        /** @description Voxel size in micrometres */
        Spacing: {
            z: number;
            y: number;
            x: number;
        };
        /** @description [low, high] raw values a person sees as black and white */
        DisplayRange: [
            number,
            number
        ];
        /** @description One stored image plane */
        Plane: {
            t: components["schemas"]["Index"];
            c: components["schemas"]["Index"];
            z: components["schemas"]["Index"];
        };
        /** @description Where a prompt lies: one index along an axis, in one frame and channel. t and c default to 0 */
        Cut: {
            axis: components["schemas"]["Axis"];
            index: components["schemas"]["Index"];
            t?: components["schemas"]["Index"];
            c?: components["schemas"]["Index"];
        };
        /** @description One bit a pixel over the box; rows padded to a byte, most significant bit first */
        MaskBits: {
            box: components["schemas"]["PixelBox"];
            /** Format: binary */
            bits: Uint8Array;
        };
        /** @description [u0, v0, u1, v1], whole pixels, half-open */
        PixelBox: [
            components["schemas"]["Index"],
            components["schemas"]["Index"],
            components["schemas"]["Index"],
            components["schemas"]["Index"]
        ];
        /**
         * @description Why a mask is worth a look. gap: the object was not seen on the plane or two before it
         * @enum {string}
         */
        Warning: "low-score" | "area-jump" | "drift" | "touches-edge" | "low-contrast" | "window-moved" | "gap";
        /** @description One object on one plane. (u,v) = (x,y) for axis z, (x,z) for y, (y,z) for x. A mask found along t lies on a z plane of its frame */
        Mask: {
            objectId: components["schemas"]["ObjectId"];
            axis: components["schemas"]["Axis"];
            index: components["schemas"]["Index"];
            t: components["schemas"]["Index"];
            c?: components["schemas"]["Index"];
            box: components["schemas"]["PixelBox"];
            /** Format: binary */
            bits: Uint8Array;
            /** @description The network's own estimate of its overlap with the truth, 0 to 1 */
            score: number;
            /** @description Pixels */
            area: number;
            warnings?: components["schemas"]["Warning"][];
            /**
             * Format: binary
             * @description The mask as .roi bytes, when `hello` asked for them
             */
            roi?: Uint8Array;
            /** @description The mask as one GeoJSON Feature, when `hello` asked for it */
            geojson?: string;
        };
        /**
         * @description Why a propagation stopped in one direction
         * @enum {string}
         */
        EndReason: "range" | "volume-edge" | "next-prompt" | "lost" | "empty" | "low-score" | "area-jump" | "low-contrast" | "cancelled";
        End: {
            objectId: components["schemas"]["ObjectId"];
            /** @enum {string} */
            direction: "forward" | "backward";
            /** @description The last plane with a mask */
            index: number;
            reason: components["schemas"]["EndReason"];
        };
        Progress: {
            done: number;
            total: number;
            /** @enum {string} */
            unit: "planes" | "objects" | "bytes" | "voxels" | "crops";
            /** @description classical.run: the step that is being done */
            step?: string;
        };
        /** @description The one form of every error */
        Fault: {
            code: string;
            message: string;
            hint: string;
            details: {
                [key: string]: unknown;
            };
        };
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            code: string;
            message: string;
            hint: string;
            details: {
                [key: string]: unknown;
            };
        };
        /** @description One prompted plane, with any of box, points, polygon, mask. It names its index by its object's axis: y or x for those, else z (default 0) */
        FilePrompt: {
            z?: components["schemas"]["Index"];
            y?: components["schemas"]["Index"];
            x?: components["schemas"]["Index"];
            t?: components["schemas"]["Index"];
            box?: components["schemas"]["Box"];
            points?: components["schemas"]["Point"][];
            polygon?: components["schemas"]["Vertex"][];
            /** @description A PNG beside prompts.json, non-zero = object (command line only) */
            mask?: string;
        };
        Vertex: [
            number,
            number
        ];
        FileObject: {
            id: components["schemas"]["ObjectId"];
            axis?: components["schemas"]["Along"];
            t?: components["schemas"]["Index"];
            c?: components["schemas"]["Index"];
            prompts: components["schemas"]["FilePrompt"][];
        };
        PromptsFile: {
            objects: components["schemas"]["FileObject"][];
        };
        Health: {
            /** @constant */
            name: "masklet";
            version: string;
            /** @constant */
            protocol: 1;
            /**
             * @description What the model host is doing
             * @enum {string}
             */
            model: "not-started" | "starting" | "ready" | "busy";
        };
        Model: {
            id: string;
            /** @enum {string} */
            family: "sam1" | "sam2";
            licence: string;
            installed: boolean;
            sizeBytes: number;
            /**
             * @description verified: against a published hash; recorded: against the hash of the first download
             * @enum {string}
             */
            integrity: "verified" | "recorded" | "missing";
            /** @description Whence it came: an npm package, an address, a file */
            source?: string;
            /** @description Side of the network's input */
            imageSize?: number;
        };
        ModelList: components["schemas"]["Model"][];
        /** @description A volume whose pixels a client holds */
        Declaration: {
            name: string;
            shape: components["schemas"]["Shape"];
            dtype: components["schemas"]["Dtype"];
            /** @description The three channels are red */
            rgb?: boolean;
            spacing?: components["schemas"]["Spacing"];
            displayRange?: components["schemas"]["DisplayRange"];
            /** @description What makes this image the same one again: path + size + mtime, or an image id */
            identity?: string;
        };
        VolumeRequest: {
            path: string;
        } | components["schemas"]["Declaration"];
        Volume: {
            volumeId: components["schemas"]["Id"];
            name: string;
            shape: components["schemas"]["Shape"];
            dtype: components["schemas"]["Dtype"];
            rgb?: boolean;
            spacing?: components["schemas"]["Spacing"];
            displayRange?: components["schemas"]["DisplayRange"];
            /** @description Planes of a declared volume the server has already */
            planesHeld?: number;
            /** @description Planes of a declared volume that are waited for: put them */
            planesNeeded?: components["schemas"]["Plane"][];
        };
        SessionRequest: {
            volumeId: components["schemas"]["Id"];
            view?: components["schemas"]["ViewSettings"];
        };
        /** @description How raw values become the network's input; frozen with the session */
        ViewSettings: {
            range?: components["schemas"]["DisplayRange"];
            invert?: boolean;
            /** @description Gaussian, in units of the smallest spacing; default 1 */
            sigma?: number;
        };
        Session: {
            sessionId: components["schemas"]["Id"];
            volumeId: components["schemas"]["Id"];
            /** @description Number of the last edit */
            seq: number;
            view?: components["schemas"]["ViewSettings"];
            objects: components["schemas"]["ObjectSummary"][];
        };
        ObjectSummary: {
            objectId: components["schemas"]["ObjectId"];
            /** @description The last edit that touched it */
            seq: number;
            /** @description Its prompted planes */
            prompts: components["schemas"]["Cut"][];
            /** @description Planes with a mask */
            masks: number;
        };
        JobRequest: {
            /** @enum {string} */
            operation: "prompt.set" | "prompt.remove" | "object.remove" | "undo" | "redo" | "propagate" | "automask" | "automask.stack" | "combine" | "split" | "classical.run";
            sessionId: components["schemas"]["Id"];
            /** @description The live message's own members, without t, id and sessionId */
            params?: {
                [key: string]: unknown;
            };
            /** @description You will put each plane that the volume's planesNeeded names while the job runs; default false: planes that are not there are pixels_missing */
            supply?: boolean;
        };
        Job: {
            id: components["schemas"]["Id"];
            operation: string;
            sessionId?: components["schemas"]["Id"];
            /** @enum {string} */
            state: "queued" | "running" | "done" | "failed" | "cancelled";
            progress: components["schemas"]["Progress"];
            result?: {
                [key: string]: unknown;
            };
            error?: components["schemas"]["Fault"];
        };
        RequestId: number;
        Hello: {
            /** @constant */
            t: "hello";
            id: components["schemas"]["RequestId"];
            protocol: number;
            client: string;
            /**
             * @description Default bits; roi and geojson add that member to every mask
             * @enum {string}
             */
            masks?: "bits" | "roi" | "geojson";
            /** @description Browsers only; others send Authorization: Bearer */
            token?: string;
        };
        /** @description Opens or resumes the session of the declared volume, or of an existing session */
        VolumeOpen: {
            /** @constant */
            t: "volume.open";
            id: components["schemas"]["RequestId"];
            volume?: components["schemas"]["Declaration"];
            /** @description A TIFF under an allowed root */
            path?: string;
            sessionId?: components["schemas"]["Id"];
            view?: components["schemas"]["ViewSettings"];
        };
        /** @description Answers `need`; not a request */
        SlicePut: {
            /** @constant */
            t: "slice.put";
            volumeId: components["schemas"]["Id"];
            plane: components["schemas"]["Plane"];
            /**
             * Format: binary
             * @description Raw little-endian pixels, rows from the top
             */
            data: Uint8Array;
        };
        /** @description Replaces the prompt of (object, plane), or merges into it with `add`; answers with the mask on that plane */
        PromptSet: {
            /** @constant */
            t: "prompt.set";
            id: components["schemas"]["RequestId"];
            sessionId: components["schemas"]["Id"];
            objectId: components["schemas"]["ObjectId"];
            cut: components["schemas"]["Cut"];
            box?: components["schemas"]["Box"];
            points?: components["schemas"]["Point"][];
            polygon?: components["schemas"]["Vertex"][];
            mask?: components["schemas"]["MaskBits"];
            add?: boolean;
            /** @description Also answer with the network's three alternatives */
            multimask?: boolean;
            /** @description Answer with the mask without storing an edit */
            preview?: boolean;
            /** @description The last seq this client saw; an older one for this object is a conflict */
            baseSeq?: number;
            model?: components["schemas"]["ModelId"];
        };
        /** @description Replaces the prompts of every object named, as one edit that one undo takes back. With `segment` a mask is found on each prompted plane and streamed; cancelled, those that came stay */
        PromptsPut: {
            /** @constant */
            t: "prompts.put";
            id: components["schemas"]["RequestId"];
            sessionId: components["schemas"]["Id"];
            objects: components["schemas"]["PutObject"][];
            segment?: boolean;
            model?: components["schemas"]["ModelId"];
        };
        PutObject: {
            objectId: components["schemas"]["ObjectId"];
            prompts: components["schemas"]["PutPrompt"][];
        };
        /** @description One prompted plane, with any of box, points, polygon, mask */
        PutPrompt: {
            cut: components["schemas"]["Cut"];
            box?: components["schemas"]["Box"];
            points?: components["schemas"]["Point"][];
            polygon?: components["schemas"]["Vertex"][];
            mask?: components["schemas"]["MaskBits"];
        };
        PromptRemove: {
            /** @constant */
            t: "prompt.remove";
            id: components["schemas"]["RequestId"];
            sessionId: components["schemas"]["Id"];
            objectId: components["schemas"]["ObjectId"];
            cut: components["schemas"]["Cut"];
            baseSeq?: number;
        };
        ObjectRemove: {
            /** @constant */
            t: "object.remove";
            id: components["schemas"]["RequestId"];
            sessionId: components["schemas"]["Id"];
            objectId: components["schemas"]["ObjectId"];
            baseSeq?: number;
        };
        Undo: {
            /** @constant */
            t: "undo";
            id: components["schemas"]["RequestId"];
            sessionId: components["schemas"]["Id"];
        };
        Redo: {
            /** @constant */
            t: "redo";
            id: components["schemas"]["RequestId"];
            sessionId: components["schemas"]["Id"];
        };
        Propagate: {
            /** @constant */
            t: "propagate";
            id: components["schemas"]["RequestId"];
            sessionId: components["schemas"]["Id"];
            /** @description Default all with a prompt */
            objects?: components["schemas"]["ObjectId"][];
            along?: components["schemas"]["Along"];
            /** @description Planes to answer for. Prompted planes outside it still tell the model what the object looks like */
            range?: components["schemas"]["Range"];
            direction?: components["schemas"]["Direction"];
            window?: components["schemas"]["WindowKind"];
            /** @description Walk only the gaps beside prompts edited since the object's last run, and the object's whole way if it has none; what earlier runs found elsewhere stays */
            continue?: boolean;
            model?: components["schemas"]["ModelId"];
        };
        /** @description Finds objects on one plane from a grid of clicks. Each becomes a new object with its mask as prompt, streamed as `mask`; all of them are one edit */
        Automask: {
            /** @constant */
            t: "automask";
            id: components["schemas"]["RequestId"];
            sessionId: components["schemas"]["Id"];
            cut: components["schemas"]["Cut"];
            region?: components["schemas"]["PixelBox"];
            grid?: components["schemas"]["GridSettings"];
            model?: components["schemas"]["ModelId"];
        };
        /** @description Segments every particle: automask on every k-th plane, follows what was found, and merges what meets. One edit */
        AutomaskStack: {
            /** @constant */
            t: "automask.stack";
            id: components["schemas"]["RequestId"];
            sessionId: components["schemas"]["Id"];
            along?: components["schemas"]["Along"];
            range?: components["schemas"]["Range"];
            /** @description The frame t (for along t: the slice z) to work in; default 0 */
            frame?: components["schemas"]["Index"];
            c?: components["schemas"]["Index"];
            /** @description Planes between two automasks; default 8 */
            every?: number;
            /** @description A new mask that overlaps a known masklet on its plane by this much is that masklet; default 0.5 */
            mergeIou?: number;
            region?: components["schemas"]["PixelBox"];
            grid?: components["schemas"]["GridSettings"];
            model?: components["schemas"]["ModelId"];
        };
        /** @description As in Segment Anything's automatic mask generator; the defaults are its own unless stated */
        GridSettings: {
            /** @description Default 32 */
            pointsPerSide?: number;
            /** @description Keep if greater; default 0.8 */
            predIouThresh?: number;
            /** @description Keep if at least; default 0.95 */
            stabilityScoreThresh?: number;
            /** @description Default 1 */
            stabilityScoreOffset?: number;
            /** @description Default 0.7 */
            boxNmsThresh?: number;
            /** @description Default 0 */
            cropNLayers?: number;
            /** @description Default 0.7 */
            cropNmsThresh?: number;
            /** @description Default 512/1500 */
            cropOverlapRatio?: number;
            /** @description Default 1 */
            cropNPointsDownscaleFactor?: number;
            /** @description One refinement of each mask by its own logits; default false */
            useM2m?: boolean;
            /** @description Default true */
            multimaskOutput?: boolean;
            /** @description Pixels; smaller masks, and holes and specks of a mask below it, go; default 8 */
            minArea?: number;
            /** @description Masks over more than this part of the region are its background; default 0.4 */
            maxAreaPart?: number;
        };
        /** @description directions: follows each object along several axes and keeps the voxels that enough of them agree on. union: joins objects into the first of them. One edit */
        Combine: {
            /** @constant */
            t: "combine";
            id: components["schemas"]["RequestId"];
            sessionId: components["schemas"]["Id"];
            /** @enum {string} */
            how: "directions" | "union";
            /** @description Default all; union needs at least two, the first keeps its id */
            objects?: components["schemas"]["ObjectId"][];
            /** @description Default z, y, x */
            axes?: components["schemas"]["Axis"][];
            /** @description Directions that must agree on a voxel; default more than half */
            votes?: number;
            range?: components["schemas"]["Range"];
            model?: components["schemas"]["ModelId"];
        };
        /** @description Parts an object that holds several particles by a seeded watershed on its distance map. The part of the first seed keeps the object's id. One edit */
        Split: {
            /** @constant */
            t: "split";
            id: components["schemas"]["RequestId"];
            sessionId: components["schemas"]["Id"];
            objectId: components["schemas"]["ObjectId"];
            /** @description The frame t; default 0 */
            frame?: components["schemas"]["Index"];
            /** @description One for each part; without any they are the distance map's maxima */
            seeds?: components["schemas"]["Seed"][];
            /** @description Without seeds: how much narrower than its parts a neck must be, in units of the smallest spacing; default 1 */
            depth?: number;
            /** @description Without seeds: at most so many, the deepest necks first */
            parts?: number;
        };
        /** @description [x, y, z]: x and y pixel-corner floats, z a slice's index; moved to the object's nearest voxel if it lies outside */
        Seed: [
            number,
            number,
            number
        ];
        /** @description Segments a volume by a recipe, without a network. What is found becomes new objects, all of them one edit, made at the end. With `preview` it looks at one slice and edits nothing */
        ClassicalRun: {
            /** @constant */
            t: "classical.run";
            id: components["schemas"]["RequestId"];
            sessionId: components["schemas"]["Id"];
            /** @description The name of one that `recipes.list` tells of, or one of your own; default fds */
            recipe?: string | components["schemas"]["Recipe"];
            /** @description Changes single values: `step.parameter` to its new value */
            set?: {
                [key: string]: components["schemas"]["StepValue"];
            };
            /** @description Taken as if it were the volume; default all of it */
            region?: components["schemas"]["Region"];
            /** @description The frame t; default 0 */
            frame?: components["schemas"]["Index"];
            c?: components["schemas"]["Index"];
            /** @description Only voxels of these objects may belong to a result. They are replaced by their parts, the first of which keeps the id */
            within?: components["schemas"]["ObjectId"][];
            /** @description The result is grown from these objects. Each keeps its id and takes the voxels that it grew to */
            seeds?: components["schemas"]["ObjectId"][];
            /**
             * @description What each new object gets as a prompt on its largest slice, so that `propagate` can refine it; default box, one pixel wider than the mask
             * @enum {string}
             */
            prompts?: "box" | "mask" | "none";
            preview?: components["schemas"]["ClassicalPreview"];
        };
        /** @description One z slice, worked out on a slab of at most 64 slices around it, taken as if it were the volume */
        ClassicalPreview: {
            index: components["schemas"]["Index"];
            /** @description The id of the step whose output is wanted; the recipe ends there */
            step?: string;
        };
        /** @description Ranges of voxels; an axis left out is taken whole */
        Region: {
            z?: components["schemas"]["Range"];
            y?: components["schemas"]["Range"];
            x?: components["schemas"]["Range"];
        };
        StepValue: number | string | boolean;
        /** @description A classical pipeline, as steps in the order they are done */
        Recipe: {
            name: string;
            steps: components["schemas"]["RecipeStep"][];
        };
        /** @description What is done, and its parameters as further members. Values left out are the step's defaults; `id` tells two steps of one kind apart, default the step's name */
        RecipeStep: {
            step: string;
            id?: string;
        } & {
            [key: string]: components["schemas"]["StepValue"];
        };
        RecipesList: {
            /** @constant */
            t: "recipes.list";
            id: components["schemas"]["RequestId"];
        };
        /**
         * @description What the network looks at: about four times the object (default), or the whole plane
         * @enum {string}
         */
        WindowKind: "object" | "plane";
        LabelsGet: {
            /** @constant */
            t: "labels.get";
            id: components["schemas"]["RequestId"];
            sessionId: components["schemas"]["Id"];
            /**
             * @description planes: one `mask` message each; the others: one file in the result
             * @enum {string}
             */
            as: "planes" | "labels" | "rois" | "geojson" | "measurements";
            objects?: components["schemas"]["ObjectId"][];
            overlap?: components["schemas"]["Overlap"];
        };
        /** @description Stops the request of that id; not a request itself. What arrived is kept */
        Cancel: {
            /** @constant */
            t: "cancel";
            id: components["schemas"]["RequestId"];
        };
        ClientMessage: components["schemas"]["Hello"] | components["schemas"]["VolumeOpen"] | components["schemas"]["SlicePut"] | components["schemas"]["PromptSet"] | components["schemas"]["PromptsPut"] | components["schemas"]["PromptRemove"] | components["schemas"]["ObjectRemove"] | components["schemas"]["Undo"] | components["schemas"]["Redo"] | components["schemas"]["Propagate"] | components["schemas"]["Automask"] | components["schemas"]["AutomaskStack"] | components["schemas"]["Combine"] | components["schemas"]["Split"] | components["schemas"]["ClassicalRun"] | components["schemas"]["RecipesList"] | components["schemas"]["LabelsGet"] | components["schemas"]["Cancel"];
        HelloResult: {
            protocol: number;
            server: string;
            limits: {
                [key: string]: number;
            };
            models: components["schemas"]["Model"][];
        };
        VolumeOpenResult: {
            volume: components["schemas"]["Volume"];
            session: components["schemas"]["Session"];
            resumed: boolean;
        };
        /** @description prompt.set, prompts.put, prompt.remove, object.remove, undo, redo */
        EditResult: {
            seq: number;
            score?: number;
            /** @description The kind of edit that undo or redo moved over */
            undone?: string;
            candidates?: components["schemas"]["Mask"][];
            /** @description The model that ran */
            model?: string;
        };
        PropagateResult: {
            seq: number;
            /** @description Masks found */
            planes: number;
            ends: components["schemas"]["End"][];
            model: string;
        };
        /** @description automask, automask.stack, combine, split */
        ObjectsResult: {
            seq: number;
            /** @description Those that were made or changed */
            objects: components["schemas"]["ObjectId"][];
            /** @description combine by directions */
            disagreements?: components["schemas"]["Disagreement"][];
            model?: string;
        };
        /** @description How far the directions of one object are apart */
        Disagreement: {
            objectId: components["schemas"]["ObjectId"];
            /** @description Voxels kept */
            voxels: number;
            /** @description Voxels that some directions found and others did not */
            disputed: number;
            /** @description Mean overlap of the directions, pair by pair, 0 to 1 */
            dice: number;
            /** @description The plane with most disputed voxels */
            worst?: components["schemas"]["Cut"];
        };
        ClassicalResult: {
            /** @description The edit; the session's last where there was none */
            seq: number;
            /** @description Those that were made or changed; in a preview those that its masks name, which mean nothing later */
            objects: components["schemas"]["ObjectId"][];
            recipe: components["schemas"]["UsedRecipe"];
            /** @description Sentences for a person */
            warnings: string[];
            /** @description Of a preview with `step` */
            plane?: components["schemas"]["StepPlane"];
        };
        /** @description A recipe as it was done */
        UsedRecipe: {
            name: string;
            steps: components["schemas"]["UsedStep"][];
        };
        UsedStep: {
            id: string;
            step: string;
            /** @description Each with the value that held, defaults included */
            parameters: {
                [key: string]: components["schemas"]["StepValue"];
            };
            /** @description What the step worked out, such as thresholds in grey values */
            found: {
                [key: string]: components["schemas"]["StepValue"];
            };
        };
        /** @description What a step leaves on one slice, over the region asked for */
        StepPlane: {
            step: string;
            /** @enum {string} */
            kind: "grey" | "mask" | "map" | "labels";
            width: number;
            height: number;
            /**
             * @description uint8 for a mask; labels are sent as float32
             * @enum {string}
             */
            dtype: "uint8" | "float32";
            /**
             * Format: binary
             * @description Raw little-endian, rows from the top
             */
            data: Uint8Array;
            /** @description The value to show black */
            low: number;
            /** @description The value to show white */
            high: number;
        };
        RecipeList: {
            recipes: components["schemas"]["RecipeInfo"][];
        };
        RecipeInfo: {
            name: string;
            title: string;
            steps: components["schemas"]["StepInfo"][];
        };
        StepInfo: {
            step: string;
            id: string;
            title: string;
            parameters: components["schemas"]["ParameterInfo"][];
        };
        ParameterInfo: {
            name: string;
            /** @enum {string} */
            type: "number" | "choice" | "flag";
            /** @description What holds where nothing else is said */
            value: components["schemas"]["StepValue"];
            min?: number;
            max?: number;
            choices?: string[];
            unit?: string;
            about: string;
        };
        /** @description Also the name of the item's files */
        ItemId: string;
        /** @description [z, y, x] in voxels */
        Voxels: [
            number,
            number,
            number
        ];
        /** @description [z, y, x] in micrometres */
        VoxelSize: [
            number,
            number,
            number
        ];
        /** @enum {string} */
        DatasetSplit: "train" | "val" | "test";
        /** @description dataset.json of a training set: crops of volumes with the numbers of the objects in them (server/datasets/README.md) */
        Dataset: {
            /** @constant */
            format: "masklet-dataset";
            /** @constant */
            version: 1;
            name: string;
            seed: number;
            /** @enum {unknown} */
            dimensions: 2 | 3;
            licence?: string;
            /** @description Crops of different splits of one source are at least this many voxels apart along some axis */
            margin?: number;
            sources: components["schemas"]["DatasetSource"][];
            items: components["schemas"]["DatasetItem"][];
        };
        /** @description The volume that crops were taken from */
        DatasetSource: {
            id: components["schemas"]["ItemId"];
            name: string;
            /** @description Of the TIFF file; for what is no single file, of the voxels of the frame and channel, little-endian, in the order z, y, x */
            sha256: string;
            shape: components["schemas"]["Shape"];
            dtype: components["schemas"]["Dtype"];
            spacing: components["schemas"]["VoxelSize"] | null;
            range: components["schemas"]["DisplayRange"];
            /** @description Where the objects came from */
            labels?: {
                name: string;
                /** @enum {string} */
                kind?: "labels" | "session" | "rois" | "geojson" | "coco" | "sam2";
                /** @description Of the file; for a label image, of its ids as uint32, little-endian, in the order z, y, x */
                sha256?: string;
            };
        };
        /** @description A crop. Its files hold a stack along `axis` (one plane in a 2D set): on planes along z x runs to the right and y down, along y x and z, along x y and z. `start`, `size` and `spacing` speak of the box in the source, before it is turned */
        DatasetItem: {
            id: components["schemas"]["ItemId"];
            source: components["schemas"]["ItemId"];
            split: components["schemas"]["DatasetSplit"];
            t: number;
            c: number;
            axis: components["schemas"]["Axis"];
            start: components["schemas"]["Voxels"];
            size: components["schemas"]["Voxels"];
            spacing: components["schemas"]["VoxelSize"] | null;
            image: string;
            labels: string;
            /** @description How many different numbers its labels hold */
            objects: number;
            /** @description 0 as it was; 1 to 3 quarter turns clockwise as the plane is shown; 4 to 7 the same after mirroring left to right */
            turn: number;
            /** @description The item this one is a turned copy of */
            of?: components["schemas"]["ItemId"];
            /** @description Objects that touch the crop's border, so may be cut by it */
            border?: number[];
            /** @description Where the source's ids do not fit 16 bits: the source's ids of numbers 1, 2, ... */
            ids?: number[];
            /** @description In the SAM 2 layout, where numbers do not fit a palette: the numbers of entries 1, 2, ... */
            numbers?: number[];
        };
        LabelsResult: {
            masks: number;
            /** Format: binary */
            data?: Uint8Array;
            mediaType?: string;
        };
        Result: {
            /** @constant */
            t: "result";
            id: components["schemas"]["RequestId"];
            value: components["schemas"]["HelloResult"] | components["schemas"]["VolumeOpenResult"] | components["schemas"]["EditResult"] | components["schemas"]["PropagateResult"] | components["schemas"]["ObjectsResult"] | components["schemas"]["ClassicalResult"] | components["schemas"]["RecipeList"] | components["schemas"]["LabelsResult"];
        };
        /** @description Ends the request of that id; id 0 when the fault belongs to no request */
        ErrorMessage: {
            /** @constant */
            t: "error";
            id: number;
            error: components["schemas"]["Fault"];
        };
        Cancelled: {
            /** @constant */
            t: "cancelled";
            id: components["schemas"]["RequestId"];
            /** @description The edit that holds what arrived */
            seq?: number;
        };
        ProgressMessage: {
            /** @constant */
            t: "progress";
            id: components["schemas"]["RequestId"];
            progress: components["schemas"]["Progress"];
        };
        MaskMessage: {
            /** @constant */
            t: "mask";
            id: components["schemas"]["RequestId"];
            mask: components["schemas"]["Mask"];
        };
        /** @description Asks the client that holds the pixels for planes; answered by slice.put or by HTTP PUT */
        Need: {
            /** @constant */
            t: "need";
            volumeId: components["schemas"]["Id"];
            planes: components["schemas"]["Plane"][];
            /** @description The client may have this many bytes on their way unanswered */
            creditBytes: number;
        };
        /** @description Another connection or job edited the session */
        Changed: {
            /** @constant */
            t: "changed";
            sessionId: components["schemas"]["Id"];
            seq: number;
            /** @enum {string} */
            kind: "prompts.put" | "prompt.set" | "prompt.remove" | "object.remove" | "propagate" | "automask" | "automask.stack" | "combine" | "split" | "classical" | "undo" | "redo";
            objects: components["schemas"]["ObjectId"][];
            /** @description The client's name */
            by?: string;
        };
        ServerMessage: components["schemas"]["Result"] | components["schemas"]["ErrorMessage"] | components["schemas"]["Cancelled"] | components["schemas"]["ProgressMessage"] | components["schemas"]["MaskMessage"] | components["schemas"]["Need"] | components["schemas"]["Changed"];
    };
    responses: {
        /** @description What went wrong and what to do (RFC 9457) */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        volumeId: components["schemas"]["Id"];
        sessionId: components["schemas"]["Id"];
        jobId: components["schemas"]["Id"];
        overlap: components["schemas"]["Overlap"];
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Alive */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listModels: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Models */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelList"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listRecipes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Recipes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecipeList"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createVolume: {
        parameters: {
            query?: {
                /** @description File name of an uploaded TIFF */
                name?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "image/tiff": Uint8Array;
                "application/json": components["schemas"]["VolumeRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Volume"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getVolume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                volumeId: components["parameters"]["volumeId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The volume */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Volume"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    putPlane: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                volumeId: components["parameters"]["volumeId"];
                t: number;
                c: number;
                z: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": Uint8Array;
            };
        };
        responses: {
            /** @description Stored */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    listSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All sessions, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"][];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SessionRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionId: components["parameters"]["sessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getPrompts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionId: components["parameters"]["sessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All prompts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PromptsFile"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    putPrompts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionId: components["parameters"]["sessionId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PromptsFile"];
            };
        };
        responses: {
            /** @description Stored */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getLabels: {
        parameters: {
            query?: {
                overlap?: components["parameters"]["overlap"];
            };
            header?: never;
            path: {
                sessionId: components["parameters"]["sessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ImageJ TIFF */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/tiff": Uint8Array;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getRois: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionId: components["parameters"]["sessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description ImageJ RoiSet */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": Uint8Array;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getGeojson: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionId: components["parameters"]["sessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description QuPath FeatureCollection */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": Record<string, never>;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getMeasurements: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionId: components["parameters"]["sessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One row per object and frame */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createJob: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JobRequest"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                jobId: components["parameters"]["jobId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    cancelJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                jobId: components["parameters"]["jobId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Being cancelled */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    jobEvents: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                jobId: components["parameters"]["jobId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Stream */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
}
